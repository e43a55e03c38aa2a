//! Where the boxes of a flowchart stand and how its lines run. The only file that knows `dagre`.
//!
//! The library never sees a circle, a loop or a line to nowhere, and the size of what it is given is bounded, so that no page
//! can hold up a build: the time it takes grows with the boxes and with the ranks that lines cross.

use dagre::graph::{Graph, GraphOptions};
use dagre::layout::types::LabelPos;
use dagre::{EdgeLabel, GraphLabel, LayoutOptions, NodeLabel, RankDir};

/// Boxes of more than this are not drawn: nobody would look through them either.
const MOST_BOXES: usize = 80;

/// Ranks that all lines together may cross.
const MOST_RANKS: usize = 400;

/// Which way a chart runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// From left to right.
    Right,
    /// From right to left, as text does there.
    Left,
    /// From top to bottom.
    Down,
    /// From bottom to top.
    Up,
}

impl Flow {
    /// Does it run to the right or to the left?
    pub fn is_sideways(self) -> bool {
        matches!(self, Flow::Right | Flow::Left)
    }
}

/// Width and height, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Size {
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

/// A line between two boxes, and the room that its label takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// The box it begins at.
    pub from: usize,
    /// The box it ends at.
    pub to: usize,
    /// The size of its label.
    pub label: Size,
}

/// Frames around boxes.
#[derive(Debug, Default)]
pub struct Frames {
    /// The innermost frame of each box; empty where no box has one.
    pub of_box: Vec<Option<usize>>,
    /// The frame that each frame stands in. Those outside come before those inside.
    pub within: Vec<Option<usize>>,
    /// How wide the title of each is.
    pub titles: Vec<f64>,
}

/// Between a frame and what is in it.
const FRAME_PADDING: f64 = 12.0;
/// Room for the title of a frame.
const FRAME_TITLE: f64 = 20.0;

/// A place, in pixels from the upper left.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct At {
    /// To the right.
    pub x: f64,
    /// Down.
    pub y: f64,
}

/// What stands where.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// The size of the whole.
    pub size: Size,
    /// The middle of each box.
    pub boxes: Vec<At>,
    /// The points of each line.
    pub lines: Vec<Vec<At>>,
    /// The middle of the label of each line.
    pub labels: Vec<At>,
    /// The middle and the size of each frame.
    pub frames: Vec<(At, Size)>,
}

/// Lays out boxes with lines between them; `None` for what is too large or runs in circles.
pub fn layout(boxes: &[Size], lines: &[Line], frames: &Frames, flow: Flow) -> Option<Layout> {
    let ends: Vec<(usize, usize)> = lines.iter().map(|line| (line.from, line.to)).collect();
    if !is_within_bounds(boxes.len(), &ends) {
        return None;
    }
    let has_frames = !frames.within.is_empty();
    let options = GraphOptions { directed: true, multigraph: true, compound: has_frames };
    let mut graph: Graph<NodeLabel, EdgeLabel> = Graph::with_options(options);
    let name = |number: usize| number.to_string();
    for (number, size) in boxes.iter().enumerate() {
        let node = NodeLabel { width: size.width, height: size.height, ..NodeLabel::default() };
        graph.set_node(name(number), Some(node));
    }
    for (number, Line { from, to, label }) in lines.iter().enumerate() {
        let edge =
            EdgeLabel { width: label.width, height: label.height, labelpos: LabelPos::Center, ..EdgeLabel::default() };
        graph.set_edge(name(*from), name(*to), Some(edge), Some(&name(number)));
    }
    let frame_name = |number: usize| format!("frame {number}");
    for (number, within) in frames.within.iter().enumerate() {
        graph.set_node(frame_name(number), Some(NodeLabel::default()));
        if let Some(outer) = within {
            graph.set_parent(&frame_name(number), Some(&frame_name(*outer)));
        }
    }
    for (number, frame) in frames.of_box.iter().enumerate() {
        if let Some(frame) = frame {
            graph.set_parent(&name(number), Some(&frame_name(*frame)));
        }
    }
    let rankdir = match flow {
        Flow::Right => RankDir::LR,
        Flow::Left => RankDir::RL,
        Flow::Down => RankDir::TB,
        Flow::Up => RankDir::BT,
    };
    let options = LayoutOptions {
        rankdir,
        // A frame and its title stand between what is in it and what is beside it.
        nodesep: if has_frames { 2.0 * FRAME_PADDING + FRAME_TITLE } else { 14.0 },
        edgesep: 10.0,
        ranksep: 60.0,
        // Answers stay in their order where another order crosses no fewer lines.
        tie_keep_first: true,
        ..LayoutOptions::default()
    };
    dagre::layout(&mut graph, Some(options));
    let size = graph.graph_label::<GraphLabel>().map(|label| Size { width: label.width, height: label.height })?;
    let middles = (0..boxes.len()).map(|number| {
        let node = graph.node(&name(number))?;
        Some(At { x: node.x?, y: node.y? })
    });
    let mut middles: Vec<At> = middles.collect::<Option<_>>()?;
    let placed: Vec<(Vec<At>, At)> = (0..lines.len())
        .map(|number| {
            let edge = graph.edge(&name(lines[number].from), &name(lines[number].to), Some(&name(number)))?;
            let points: Vec<At> = edge.points.iter().map(|point| At { x: point.x, y: point.y }).collect();
            let middle = *points.get(points.len() / 2)?;
            Some((points, At { x: edge.x.unwrap_or(middle.x), y: edge.y.unwrap_or(middle.y) }))
        })
        .collect::<Option<_>>()?;
    let (mut lines, mut labels): (Vec<Vec<At>>, Vec<At>) = placed.into_iter().unzip();
    if !has_frames {
        return Some(Layout { size, boxes: middles, lines, labels, frames: Vec::new() });
    }
    // The library gives no room to what is written on frames.
    let mut edges = around(frames, &middles, boxes);
    let left = edges.iter().map(|edge| edge.left).fold(0.0, f64::min);
    let top = edges.iter().map(|edge| edge.top).fold(0.0, f64::min);
    let moved = |at: &mut At| (at.x, at.y) = (at.x - left, at.y - top);
    middles.iter_mut().chain(labels.iter_mut()).chain(lines.iter_mut().flatten()).for_each(moved);
    for edge in &mut edges {
        (edge.left, edge.right) = (edge.left - left, edge.right - left);
        (edge.top, edge.bottom) = (edge.top - top, edge.bottom - top);
    }
    let width = edges.iter().map(|edge| edge.right).fold(size.width - left, f64::max);
    let height = edges.iter().map(|edge| edge.bottom).fold(size.height - top, f64::max);
    let frames = edges.iter().map(Edges::rectangle).collect();
    Some(Layout { size: Size { width, height }, boxes: middles, lines, labels, frames })
}

/// The sides of a frame.
struct Edges {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

impl Edges {
    fn rectangle(&self) -> (At, Size) {
        let middle = At { x: (self.left + self.right) / 2.0, y: (self.top + self.bottom) / 2.0 };
        (middle, Size { width: self.right - self.left, height: self.bottom - self.top })
    }
}

/// Frames around what stands in them.
fn around(frames: &Frames, middles: &[At], sizes: &[Size]) -> Vec<Edges> {
    let nothing = || Edges { left: f64::MAX, right: f64::MIN, top: f64::MAX, bottom: f64::MIN };
    let mut edges: Vec<Edges> = frames.within.iter().map(|_| nothing()).collect();
    let widen = |edges: &mut Edges, left: f64, right: f64, top: f64, bottom: f64| {
        (edges.left, edges.right) = (edges.left.min(left), edges.right.max(right));
        (edges.top, edges.bottom) = (edges.top.min(top), edges.bottom.max(bottom));
    };
    for (frame, (at, size)) in frames.of_box.iter().zip(middles.iter().zip(sizes)) {
        if let Some(frame) = frame {
            let (x, y) = (size.width / 2.0, size.height / 2.0);
            widen(&mut edges[*frame], at.x - x, at.x + x, at.y - y, at.y + y);
        }
    }
    // From the inside out.
    for number in (0..edges.len()).rev() {
        let Edges { left, right, top, bottom } = &mut edges[number];
        (*left, *right) = (*left - FRAME_PADDING, *right + FRAME_PADDING);
        (*top, *bottom) = (*top - FRAME_PADDING - FRAME_TITLE / 2.0, *bottom + FRAME_PADDING);
        *right = right.max(*left + frames.titles[number] + 2.0 * FRAME_PADDING);
        let (left, right, top, bottom) = (*left, *right, *top, *bottom);
        if let Some(outer) = frames.within[number] {
            widen(&mut edges[outer], left, right, top, bottom);
        }
    }
    edges
}

/// Will so many boxes with lines between them be laid out? Lines that lead back, and a few from a box to itself, do no harm.
pub fn fits(boxes: usize, lines: &[(usize, usize)]) -> bool {
    if boxes > MOST_BOXES || lines.len() > MOST_RANKS {
        return false;
    }
    let lines: Vec<(usize, usize)> = lines.iter().copied().filter(|(from, to)| from != to).collect();
    let turned = lines.iter().zip(backward(boxes, &lines));
    let turned: Vec<(usize, usize)> =
        turned.map(|(&(from, to), back)| if back { (to, from) } else { (from, to) }).collect();
    is_within_bounds(boxes, &turned)
}

/// Is there no circle, and nothing that would take too long?
fn is_within_bounds(boxes: usize, lines: &[(usize, usize)]) -> bool {
    let crossed =
        ranks(boxes, lines).map(|ranks| lines.iter().map(|(from, to)| ranks[*to] - ranks[*from]).sum::<usize>());
    (1..=MOST_BOXES).contains(&boxes) && crossed.is_some_and(|crossed| crossed <= MOST_RANKS)
}

/// Which lines are to be turned so that there is no circle: those that lead back to a box on the way to them.
pub fn backward(boxes: usize, lines: &[(usize, usize)]) -> Vec<bool> {
    let mut onward: Vec<Vec<usize>> = vec![Vec::new(); boxes];
    for (number, (from, _)) in lines.iter().enumerate() {
        onward[*from].push(number);
    }
    let mut is_back = vec![false; lines.len()];
    let (mut seen, mut is_on_way) = (vec![false; boxes], vec![false; boxes]);
    for start in 0..boxes {
        let mut way = vec![(start, 0)];
        while let Some((at, step)) = way.pop() {
            if step == 0 {
                if seen[at] {
                    continue;
                }
                (seen[at], is_on_way[at]) = (true, true);
            }
            let Some(&line) = onward[at].get(step) else {
                is_on_way[at] = false;
                continue;
            };
            way.push((at, step + 1));
            let to = lines[line].1;
            if is_on_way[to] {
                is_back[line] = true;
            } else if !seen[to] {
                way.push((to, 0));
            }
        }
    }
    is_back
}

/// The rank of each box: 0 where no line ends, else one more than the highest before it. `None` when there is a circle.
fn ranks(boxes: usize, lines: &[(usize, usize)]) -> Option<Vec<usize>> {
    let mut ranks = vec![0; boxes];
    let mut open = vec![0usize; boxes];
    let mut onward: Vec<Vec<usize>> = vec![Vec::new(); boxes];
    for &(from, to) in lines {
        *open.get_mut(to)? += 1;
        onward.get_mut(from)?.push(to);
    }
    let mut ready: Vec<usize> = (0..boxes).filter(|&number| open[number] == 0).collect();
    let mut done = 0;
    while let Some(at) = ready.pop() {
        done += 1;
        for &next in &onward[at] {
            ranks[next] = ranks[next].max(ranks[at] + 1);
            open[next] -= 1;
            if open[next] == 0 {
                ready.push(next);
            }
        }
    }
    (done == boxes).then_some(ranks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Chance;

    const BOX: Size = Size { width: 150.0, height: 40.0 };

    fn line(from: usize, to: usize) -> Line {
        // Every third has no label.
        let width = if (from + to).is_multiple_of(3) { 0.0 } else { 30.0 };
        Line { from, to, label: Size { width, height: width * 0.6 } }
    }

    #[test]
    fn whatever_is_given_is_laid_out_apart_or_refused() {
        let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
        let mut laid_out = 0;
        for round in 0..300 {
            let count = 1 + chance.below(if round % 10 == 0 { 100 } else { 16 });
            let boxes: Vec<Size> = (0..count)
                .map(|_| Size { width: 20.0 + chance.below(300) as f64, height: 10.0 + chance.below(90) as f64 })
                .collect();
            // Trees, some of them in pieces, with some lines more; now and then one that leads back, to itself, or twice the same.
            let mut lines: Vec<Line> = Vec::new();
            for to in 1..count {
                if chance.below(12) > 0 {
                    lines.push(line(chance.below(to), to));
                }
            }
            for _ in 0..chance.below(5) {
                let (a, b) = (chance.below(count), chance.below(count));
                let is_wild = chance.below(4) == 0;
                if a != b || is_wild {
                    lines.push(if is_wild { line(b, a) } else { line(a.min(b), a.max(b)) });
                }
            }
            let flow = [Flow::Right, Flow::Left, Flow::Down, Flow::Up][round % 4];
            // Some of them stand in frames, of which the second is in the first.
            let frames = if round % 2 == 0 || count < 4 {
                Frames::default()
            } else {
                let of_box = (0..count).map(|number| Some(number % 4).filter(|frame| *frame < 3)).collect();
                Frames { of_box, within: vec![None, Some(0), None], titles: vec![80.0; 3] }
            };
            let ends: Vec<(usize, usize)> = lines.iter().map(|line| (line.from, line.to)).collect();
            let Some(layout) = layout(&boxes, &lines, &frames, flow) else {
                // It is said of what has no picture, and of nothing else.
                assert!(!is_within_bounds(count, &ends), "{lines:?}");
                continue;
            };
            assert!(fits(count, &ends), "{lines:?}");
            laid_out += 1;
            assert_eq!(layout.lines.len(), lines.len());
            assert!(layout.lines.iter().all(|points| points.len() > 1), "{lines:?}");
            assert_eq!(layout.frames.len(), frames.within.len());
            for (at, size) in layout.frames.iter().map(|(at, size)| (at, size)).chain(layout.boxes.iter().zip(&boxes)) {
                assert!(at.x - size.width / 2.0 > -0.1 && at.x + size.width / 2.0 < layout.size.width + 0.1);
                assert!(at.y - size.height / 2.0 > -0.1 && at.y + size.height / 2.0 < layout.size.height + 0.1);
            }
            for (a, b) in (0..count).flat_map(|b| (0..b).map(move |a| (a, b))) {
                let apart = |a: f64, b: f64, sizes: f64| (a - b).abs() + 0.01 >= sizes / 2.0;
                let (at, other) = (layout.boxes[a], layout.boxes[b]);
                assert!(
                    apart(at.x, other.x, boxes[a].width + boxes[b].width)
                        || apart(at.y, other.y, boxes[a].height + boxes[b].height),
                    "{a} and {b} of {lines:?}"
                );
            }
        }
        assert!(laid_out > 150, "{laid_out}");
    }

    #[test]
    fn lines_that_lead_back_are_turned() {
        assert_eq!(backward(3, &[(0, 1), (1, 2), (2, 0), (0, 2)]), [false, false, true, false]);
        let mut chance = Chance(0x1234_5678_9ABC_DEF1);
        for _ in 0..200 {
            let count = 2 + chance.below(8);
            let wild: Vec<(usize, usize)> = (0..chance.below(20))
                .map(|_| (chance.below(count), chance.below(count)))
                .filter(|(from, to)| from != to)
                .collect();
            let is_back = backward(count, &wild);
            let turned = wild.iter().zip(is_back);
            let turned: Vec<(usize, usize)> =
                turned.map(|(&(from, to), back)| if back { (to, from) } else { (from, to) }).collect();
            assert!(ranks(count, &turned).is_some(), "{wild:?}");
        }
    }

    #[test]
    fn what_is_too_large_or_runs_in_circles_is_refused() {
        let star: Vec<Line> = (1..MOST_BOXES + 1).map(|to| line(0, to)).collect();
        assert_eq!(layout(&[BOX; MOST_BOXES + 1], &star, &Frames::default(), Flow::Right), None);
        assert!(layout(&[BOX; MOST_BOXES], &star[..MOST_BOXES - 1], &Frames::default(), Flow::Right).is_some());
        let long: Vec<Line> = (1..60).map(|to| line(to - 1, to)).chain((2..60).map(|to| line(0, to))).collect();
        assert_eq!(layout(&[BOX; 60], &long, &Frames::default(), Flow::Right), None);
        assert_eq!(layout(&[BOX; 2], &[line(0, 1), line(1, 0)], &Frames::default(), Flow::Right), None);
        assert_eq!(layout(&[BOX], &[line(0, 0)], &Frames::default(), Flow::Right), None);
        assert_eq!(layout(&[BOX], &[line(0, 1)], &Frames::default(), Flow::Right), None);
    }
}
