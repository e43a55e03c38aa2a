//! Who says what to whom, as SVG: a column for each who takes part, a row for each thing that happens.
//!
//! In steps: break the texts into lines; set the columns as far apart as what stands between them asks; go down the rows; write
//! frames, lifelines, bars and what happens, in this order, so that what is above is not hidden. The picture is hidden from
//! assistive technology, like a flowchart.

use std::fmt::Write;

use super::flowchart::layout::{At, Size};
use super::flowchart::pen::{FONT, LINE, Toward, behind, round, size, stroke, write_head, write_rect, write_text};
use super::flowchart::text;
use crate::parse::diagram::{Head, Sequence, Side, Step, Stroke};
use crate::parse::html::escape;

/// How wide a name may be, in ems.
const NAME_EMS: f64 = 10.0;
/// How wide what is said may be, in ems.
const TEXT_EMS: f64 = 18.0;
/// How wide a note may be, in ems.
const NOTE_EMS: f64 = 15.0;
/// Between an edge and its text.
const PADDING: f64 = 10.0;
/// Between two columns, and between a line and its text.
const GAP: f64 = 26.0;
/// Half of how wide the bar is while somebody works.
const BAR: f64 = 5.0;
/// How far what somebody says to itself goes from its lifeline.
const LOOP: f64 = 30.0;
/// Between a frame and what is in it.
const FRAME: f64 = 14.0;
/// Pictures that are higher have the names below, too.
const HIGH: f64 = 480.0;

/// From left to right, in pixels.
type Reach = (f64, f64);

/// Draws a sequence diagram.
pub fn svg(sequence: &Sequence) -> String {
    let names: Vec<Vec<String>> = sequence.people.iter().map(|name| text::lines(name, NAME_EMS, 3)).collect();
    let texts: Vec<Vec<String>> = sequence.steps.iter().map(lines).collect();
    let heads: Vec<Size> = names.iter().map(|lines| at_least(size(lines, PADDING), 64.0)).collect();
    let columns = columns(sequence, &texts, &heads);
    let frames = reaches(sequence, &texts, &columns);
    let name_height = heads.iter().map(|head| head.height).fold(0.0, f64::max);
    let mut rows = Rows {
        columns: &columns,
        y: name_height + 12.0,
        frames: String::new(),
        bars: String::new(),
        steps: String::new(),
        working: vec![Vec::new(); columns.len()],
        last: name_height,
    };
    let mut open: Vec<(Reach, f64)> = Vec::new();
    let mut next_frame = frames.iter();
    for (number, (step, lines)) in sequence.steps.iter().zip(&texts).enumerate() {
        match step {
            Step::Message { from, to, stroke, heads, .. } => {
                let begins = matches!(sequence.steps.get(number + 1), Some(Step::Activate(one)) if one == to);
                let is_active = [rows.is_active(*from), rows.is_active(*to) || begins];
                rows.message([*from, *to], is_active, lines, (*stroke, *heads));
            }
            Step::Note { of, side, .. } => rows.note(note_reach(*of, *side, lines, &columns), lines),
            Step::Activate(one) => rows.working[*one].push(rows.last),
            Step::Deactivate(one) => rows.rest(*one),
            Step::Open(word, _) => {
                let reach = next_frame.next().copied().unwrap_or_default();
                rows.y += 4.0;
                open.push((reach, rows.y));
                rows.part(reach, word, lines);
            }
            Step::Else(word, _) => {
                let reach = open.last().map(|(reach, _)| *reach).unwrap_or_default();
                rows.y += 4.0;
                let (y, left, right) = (round(rows.y), round(reach.0), round(reach.1));
                let _ = writeln!(rows.frames, "<g class=\"fc-line fc-dotted\"><path d=\"M{left} {y}H{right}\"/></g>");
                rows.part(reach, word, lines);
            }
            Step::Close => {
                if let Some(((left, right), top)) = open.pop() {
                    rows.y += 4.0;
                    let middle = At { x: (left + right) / 2.0, y: (top + rows.y) / 2.0 };
                    // Those inside are closed first, and must not be hidden.
                    let mut frame = String::from("<g class=\"fc-frame\">");
                    write_rect(&mut frame, middle, Size { width: right - left, height: rows.y - top }, 6.0);
                    rows.frames.insert_str(0, &(frame + "</g>\n"));
                    rows.y += 12.0;
                }
            }
        }
    }
    let end = rows.y + 4.0;
    (0..columns.len()).for_each(|one| rows.finish(one));
    let is_high = end > HIGH;
    let height = end + if is_high { name_height } else { 0.0 };
    let edges = columns.iter().zip(&heads).map(|(x, head)| (x - head.width / 2.0, x + head.width / 2.0));
    let all = edges
        .chain(frames.iter().copied())
        .chain(sequence.steps.iter().zip(&texts).filter_map(|(step, lines)| reach(step, lines, &columns)));
    let (left, right) = all.fold((f64::MAX, f64::MIN), |all, one| (all.0.min(one.0), all.1.max(one.1)));
    let (wide, high) = ((right - left + 8.0).ceil(), (height + 8.0).ceil());
    let x = round(left - 4.0);
    let mut out = format!(
        "<svg class=\"fc\" width=\"{wide}\" height=\"{high}\" viewBox=\"{x} -4 {wide} {high}\" aria-hidden=\"true\" focusable=\"false\">\n"
    );
    out.push_str("<g class=\"fc-line fc-life\">");
    for x in &columns {
        let _ = write!(out, "<path d=\"M{} {}V{}\"/>", round(*x), round(name_height), round(end));
    }
    out.push_str("</g>\n");
    out.push_str(&rows.frames);
    out.push_str(&rows.bars);
    out.push_str(&rows.steps);
    let tops = [Some(0.0), is_high.then_some(end)];
    for top in tops.into_iter().flatten() {
        for (x, (head, lines)) in columns.iter().zip(heads.iter().zip(&names)) {
            let middle = At { x: *x, y: top + name_height / 2.0 };
            out.push_str("<g class=\"fc-box fc-question\">");
            write_rect(&mut out, middle, Size { width: head.width, height: name_height }, 7.0);
            write_text(&mut out, lines, middle);
            out.push_str("</g>\n");
        }
    }
    out.push_str("</svg>\n");
    out
}

fn at_least(size: Size, width: f64) -> Size {
    Size { width: size.width.max(width), ..size }
}

/// The lines of text of a step.
fn lines(step: &Step) -> Vec<String> {
    match step {
        Step::Message { text, number, .. } => {
            let number = number.map(|number| format!("{number}. ")).unwrap_or_default();
            text::lines(&(number + text), TEXT_EMS, 5)
        }
        Step::Note { of: (first, last), text, .. } => {
            text::lines(text, if first == last { NOTE_EMS } else { 1.5 * NOTE_EMS }, 8)
        }
        Step::Open(_, text) | Step::Else(_, text) if !text.is_empty() => {
            text::lines(&format!("[{text}]"), 1.5 * NOTE_EMS, 2)
        }
        _ => Vec::new(),
    }
}

/// Where the lifelines stand: far enough apart for what is between them.
fn columns(sequence: &Sequence, texts: &[Vec<String>], heads: &[Size]) -> Vec<f64> {
    let mut gaps: Vec<f64> = heads.windows(2).map(|pair| (pair[0].width + pair[1].width) / 2.0 + GAP).collect();
    // From which column to which, and how far these are apart at least.
    let mut asked: Vec<(usize, usize, f64)> = Vec::new();
    for (step, lines) in sequence.steps.iter().zip(texts) {
        let Size { width, .. } = size(lines, 0.0);
        match *step {
            Step::Message { from, to, .. } if from == to => asked.push((from, from + 1, width + LOOP + 2.0 * GAP)),
            Step::Message { from, to, .. } => asked.push((from.min(to), from.max(to), width + GAP)),
            Step::Note { of: (first, last), side, .. } => {
                let beside = width + 2.0 * PADDING + GAP;
                match side {
                    Side::Left if first > 0 => asked.push((first - 1, first, beside)),
                    Side::Left => {}
                    Side::Right => asked.push((last, last + 1, beside)),
                    Side::Over if first < last => asked.push((first, last, width)),
                    Side::Over => {
                        asked.push((first, first + 1, beside / 2.0));
                        if first > 0 {
                            asked.push((first - 1, first, beside / 2.0));
                        }
                    }
                }
            }
            _ => {}
        }
    }
    // What lies between neighbours first: it may be enough for what goes further.
    asked.sort_by_key(|(from, to, _)| to - from);
    for (from, to, width) in asked {
        if let Some(between) = gaps.get_mut(from..to.min(heads.len())) {
            let more = width - between.iter().sum::<f64>();
            let count = between.len() as f64;
            between.iter_mut().for_each(|gap| *gap += (more / count).max(0.0));
        }
    }
    let first = heads.first().map_or(0.0, |head| head.width / 2.0);
    let mut x = first.ceil();
    let mut columns = vec![x];
    for gap in gaps {
        x += gap.ceil();
        columns.push(x);
    }
    columns
}

/// How far a note reaches.
fn note_reach(of: (usize, usize), side: Side, lines: &[String], columns: &[f64]) -> Reach {
    let width = size(lines, PADDING).width;
    let (first, last) = (columns[of.0], columns[of.1]);
    match side {
        Side::Left => (first - 12.0 - width, first - 12.0),
        Side::Right => (last + 12.0, last + 12.0 + width),
        Side::Over => {
            let half = (width / 2.0).max((last - first) / 2.0 + if of.0 == of.1 { 0.0 } else { 24.0 });
            ((first + last) / 2.0 - half, (first + last) / 2.0 + half)
        }
    }
}

/// How far a step reaches.
fn reach(step: &Step, lines: &[String], columns: &[f64]) -> Option<Reach> {
    match *step {
        Step::Message { from, to, .. } if from == to => {
            let x = columns[from];
            Some((x - BAR, x + LOOP + 10.0 + size(lines, 0.0).width))
        }
        Step::Message { from, to, .. } => Some((columns[from.min(to)], columns[from.max(to)])),
        Step::Note { of, side, .. } => Some(note_reach(of, side, lines, columns)),
        _ => None,
    }
}

/// How far each frame reaches, in the order in which they begin.
fn reaches(sequence: &Sequence, texts: &[Vec<String>], columns: &[f64]) -> Vec<Reach> {
    let mut reaches: Vec<Reach> = Vec::new();
    // How wide what each says is, beside the word for its kind.
    let mut said: Vec<f64> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let widen = |reach: &mut Reach, by: Reach| *reach = (reach.0.min(by.0), reach.1.max(by.1));
    for (step, lines) in sequence.steps.iter().zip(texts) {
        let words = |word: &str| size(lines, 0.0).width + text::ems(word) * FONT + 3.0 * PADDING;
        match step {
            Step::Open(word, _) => {
                open.push(reaches.len());
                reaches.push((f64::MAX, f64::MIN));
                said.push(words(word));
            }
            Step::Else(word, _) => {
                if let Some(inner) = open.last() {
                    said[*inner] = said[*inner].max(words(word));
                }
            }
            Step::Close => {
                let Some(done) = open.pop() else { continue };
                let reach = &mut reaches[done];
                if reach.0 > reach.1 {
                    *reach = (columns[0], columns[columns.len() - 1]);
                }
                *reach = (reach.0 - FRAME, reach.1 + FRAME);
                reach.1 = reach.1.max(reach.0 + said[done]);
                let reach = *reach;
                if let Some(outer) = open.last() {
                    widen(&mut reaches[*outer], reach);
                }
            }
            step => {
                if let (Some(inner), Some(by)) = (open.last(), reach(step, lines, columns)) {
                    widen(&mut reaches[*inner], by);
                }
            }
        }
    }
    reaches
}

/// What has been written so far, from above.
struct Rows<'a> {
    columns: &'a [f64],
    y: f64,
    frames: String,
    bars: String,
    steps: String,
    /// Where those who work began, for each.
    working: Vec<Vec<f64>>,
    /// Where the last message stands.
    last: f64,
}

impl Rows<'_> {
    fn is_active(&self, one: usize) -> bool {
        !self.working[one].is_empty()
    }

    fn message(
        &mut self,
        ends: [usize; 2],
        is_active: [bool; 2],
        lines: &[String],
        (line, heads): (Stroke, [Head; 2]),
    ) {
        let Size { width, height } = size(lines, 0.0);
        let [from, to] = ends.map(|end| self.columns[end]);
        let _ = write!(self.steps, "<g class=\"fc-line fc-said{}\">", stroke(line));
        if ends[0] == ends[1] {
            let edge = if is_active[0] || is_active[1] { BAR } else { 0.0 };
            let x = round(from + edge);
            let y = self.y + height.max(24.0) / 2.0 - 10.0;
            let (top, bottom, far) = (round(y), round(y + 20.0), round(from + LOOP));
            let _ = write!(self.steps, "<path d=\"M{x} {top}H{far}V{bottom}H{x}\"/>");
            write_head(&mut self.steps, heads[1], At { x, y: bottom }, Toward::Left);
            let middle = At { x: from + LOOP + 8.0 + width / 2.0, y: y + 10.0 };
            write_rect(&mut self.steps, middle, behind(lines), 0.0);
            write_text(&mut self.steps, lines, middle);
            self.y = (y + 20.0).max(self.y + height) + 14.0;
            self.last = bottom;
        } else {
            let is_onward = to > from;
            let edge = |is_active: bool| if is_active { BAR } else { 0.0 };
            let (mut start, mut end) = (from, to);
            (start, end) = match is_onward {
                true => (start + edge(is_active[0]), end - edge(is_active[1])),
                false => (start - edge(is_active[0]), end + edge(is_active[1])),
            };
            let middle = At { x: (from + to) / 2.0, y: self.y + height / 2.0 };
            self.y += height + 5.0;
            let y = round(self.y);
            let _ = write!(self.steps, "<path d=\"M{} {y}H{}\"/>", round(start), round(end));
            let (ahead, back) = if is_onward { (Toward::Right, Toward::Left) } else { (Toward::Left, Toward::Right) };
            write_head(&mut self.steps, heads[0], At { x: start, y }, back);
            write_head(&mut self.steps, heads[1], At { x: end, y }, ahead);
            write_rect(&mut self.steps, middle, behind(lines), 0.0);
            write_text(&mut self.steps, lines, middle);
            self.last = y;
            self.y += 14.0;
        }
        self.steps.push_str("</g>\n");
    }

    fn note(&mut self, (left, right): Reach, lines: &[String]) {
        let height = size(lines, PADDING).height;
        let middle = At { x: (left + right) / 2.0, y: self.y + height / 2.0 };
        self.steps.push_str("<g class=\"fc-note\">");
        write_rect(&mut self.steps, middle, Size { width: right - left, height }, 3.0);
        write_text(&mut self.steps, lines, middle);
        self.steps.push_str("</g>\n");
        self.y += height + 12.0;
    }

    /// The words of a part of a frame: of which kind it is, and what it says.
    fn part(&mut self, (left, _): Reach, word: &str, lines: &[String]) {
        // A frame that only has a colour says nothing.
        if word != "rect" {
            let x = round(left + PADDING);
            let y = self.y + LINE * 0.5 + 5.0 + FONT * 0.34;
            let _ = write!(
                self.steps,
                "<g class=\"fc-part\"><text x=\"{x}\" y=\"{}\"><tspan class=\"fc-word\">{word}</tspan>",
                round(y)
            );
            for (number, line) in lines.iter().enumerate() {
                let place = if number == 0 { String::new() } else { format!(" x=\"{x}\" dy=\"{LINE}\"") };
                let _ = write!(self.steps, "<tspan{place}> {}</tspan>", escape(line));
            }
            self.steps.push_str("</text></g>\n");
            self.y += LINE * lines.len().max(1) as f64;
        }
        self.y += 10.0;
    }

    /// Ends the last bar of `one`.
    fn rest(&mut self, one: usize) {
        let Some(top) = self.working[one].pop() else { return };
        // A bar in a bar stands beside it.
        let x = self.columns[one] + self.working[one].len() as f64 * BAR;
        let bottom = self.last.max(top + 10.0);
        self.bar(x, top, bottom);
    }

    fn finish(&mut self, one: usize) {
        while self.is_active(one) {
            self.last = self.y;
            self.rest(one);
        }
    }

    fn bar(&mut self, x: f64, top: f64, bottom: f64) {
        let mut bar = String::from("<g class=\"fc-bar\">");
        let middle = At { x, y: (top + bottom) / 2.0 };
        write_rect(&mut bar, middle, Size { width: 2.0 * BAR, height: bottom - top }, 2.0);
        // Those inside end first, and must not be hidden.
        self.bars.insert_str(0, &(bar + "</g>\n"));
    }
}
