//! Numbers that look like chance and are the same on every run, for tests.

/// A row of such numbers, from a seed that is not 0. Marsaglia, *Xorshift RNGs*, 2003.
pub struct Chance(pub u64);

impl Chance {
    /// The next number below `most`.
    pub fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % most as u64) as usize
    }
}
