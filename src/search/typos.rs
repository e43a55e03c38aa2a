//! How far two words are apart, in slips of the hand.

/// The least number of letters that must be changed, added, left out or exchanged with their neighbour to turn `one` into
/// `other`, no letter twice (the optimal string alignment distance); `None` when that is more than `most`.
pub fn distance(one: &[char], other: &[char], most: usize) -> Option<usize> {
    if one.len().abs_diff(other.len()) > most {
        return None;
    }
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (row, a) in one.iter().enumerate() {
        let mut this = vec![row + 1];
        for (column, b) in other.iter().enumerate() {
            let mut least = (last[column] + usize::from(a != b)).min(last[column + 1] + 1).min(this[column] + 1);
            if row > 0 && column > 0 && *a == other[column - 1] && one[row - 1] == *b {
                least = least.min(before_last[column - 1] + 1);
            }
            this.push(least);
        }
        if this.iter().all(|least| *least > most) {
            return None;
        }
        before_last = std::mem::replace(&mut last, this);
    }
    last.last().copied().filter(|distance| *distance <= most)
}

/// How many slips may lie between a word as typed and one that is meant, by the letters of each: one where the longer has five
/// letters or more, two where it has nine.
pub fn allowed(typed: usize, meant: usize) -> usize {
    match typed.max(meant) {
        0..=4 => 0,
        5..=8 => 1,
        _ => 2,
    }
}

/// The same for a word that is near to none by that: two slips wherever there may be one.
pub fn allowed_at_last(typed: usize, meant: usize) -> usize {
    if allowed(typed, meant) == 0 { 0 } else { 2 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between(one: &str, other: &str) -> Option<usize> {
        distance(&one.chars().collect::<Vec<_>>(), &other.chars().collect::<Vec<_>>(), 2)
    }

    #[test]
    fn slips_are_counted() {
        assert_eq!(between("pillows", "pillows"), Some(0));
        assert_eq!(between("recieve", "receive"), Some(1));
        assert_eq!(between("ync", "sync"), Some(1));
        assert_eq!(between("matrres", "mattress"), Some(2));
        assert_eq!(between("card", "sync"), None);
        assert_eq!(between("", "ab"), Some(2));
    }
}
