//! Which columns of a matrix need no multiplication, because they hold nothing but zeros.
//!
//! ReLU writes zeros, and its derivative does: with one input, half of the units of a first hidden
//! layer are off for all samples at the start of training, and many more for a few dozen
//! neighbours. A product looks at each column once in a panel of rows, which costs a few hundredths
//! where there is nothing to find, and leaves out what is off. `x + 0 * w` is `x`, so the sums have
//! the bits that they would have without it, but for the sign of a zero. That holds for finite
//! weights: whether 0 times infinity makes NaN or is left out is not promised, here as in the
//! reference BLAS.

use std::mem::MaybeUninit;

use super::vector::Vector;

/// The most places that are looked at together.
pub(super) const LONGEST: usize = 1024;

/// All of them.
const ALL: [u16; LONGEST] = {
    let mut all = [0; LONGEST];
    let mut place = 0;
    while place < LONGEST {
        all[place] = place as u16;
        place += 1;
    }
    all
};

/// The first `count` places.
pub(super) fn all(count: usize) -> &'static [u16] {
    &ALL[..count]
}

/// A list of places.
pub(super) struct Places {
    places: [MaybeUninit<u16>; LONGEST],
    count: usize,
}

impl Places {
    pub(super) const fn new() -> Self {
        Self { places: [MaybeUninit::uninit(); LONGEST], count: 0 }
    }

    pub(super) fn clear(&mut self) {
        self.count = 0;
    }

    /// Adds a place if it counts.
    ///
    /// # Panics
    /// If there were `LONGEST` already.
    #[inline(always)]
    pub(super) fn push_if(&mut self, place: u16, counts: bool) {
        // Written in any case: a branch here would be taken at random.
        self.places[self.count].write(place);
        self.count += usize::from(counts);
    }

    pub(super) fn as_slice(&self) -> &[u16] {
        // SAFETY: as many were written as are counted.
        unsafe { std::slice::from_raw_parts(self.places.as_ptr().cast(), self.count) }
    }

    /// The columns that are not all 0, of `columns` that lie `stride` numbers apart.
    ///
    /// # Safety
    /// The CPU must have the instructions of `V`, and `from` be good for `rows` numbers of each
    /// column.
    ///
    /// # Panics
    /// If there are more than `LONGEST` columns.
    #[inline(always)]
    pub(super) unsafe fn that_are_not_zero<V: Vector>(
        &mut self,
        from: *const V::Number,
        stride: usize,
        (rows, columns): (usize, usize),
    ) -> &[u16] {
        assert!(columns <= LONGEST, "{columns} places of at most {LONGEST}");
        self.clear();
        for column in 0..columns {
            // SAFETY: the column has so many rows.
            let is_zero = unsafe { is_zero::<V>(from.add(column * stride), rows) };
            self.push_if(column as u16, !is_zero);
        }
        self.as_slice()
    }
}

/// Whether all of `count` numbers are 0. It looks at four registers between branches.
///
/// # Safety
/// The CPU must have the instructions of `V`, and `from` be good for `count` numbers.
#[inline(always)]
unsafe fn is_zero<V: Vector>(from: *const V::Number, count: usize) -> bool {
    // SAFETY: all numbers lie before `count`.
    unsafe {
        let mut at = 0;
        while count - at >= 4 * V::LANES {
            let [a, b, c, d] = [0, 1, 2, 3].map(|index| V::load(from.add(at + index * V::LANES)));
            if !a.or(b).or(c.or(d)).is_zero() {
                return false;
            }
            at += 4 * V::LANES;
        }
        let mut bits = V::zero();
        while count - at >= V::LANES {
            bits = bits.or(V::load(from.add(at)));
            at += V::LANES;
        }
        if at < count {
            bits = bits.or(V::load_first(from.add(at), count - at));
        }
        bits.is_zero()
    }
}
