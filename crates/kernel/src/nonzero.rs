//! Which columns of a matrix hold nothing but zeros and need no multiplication.
//!
//! ReLU writes zeros, and so does its derivative. With one input, half of the units of a first hidden
//! layer are 0 for all samples at the start of training, and many more for a few dozen neighboring
//! samples. A product looks at each column once in a panel of rows, which costs a few hundredths of its
//! time where no column is zero, and skips those that are. `x + 0 * w` is `x`, so the sums have the
//! same bits as without skipping. (A sum of 0 is written as +0, whatever its sign.) This holds for finite
//! numbers: 0 times infinity or NaN may give NaN or be skipped, as in the reference BLAS.

use std::mem::MaybeUninit;

use crate::vector::Vector;

/// The largest number of columns in one list.
pub(crate) const LONGEST: usize = 1024;

/// A list of all of them.
const ALL: [u16; LONGEST] = {
    let mut all = [0; LONGEST];
    let mut column = 0;
    while column < LONGEST {
        all[column] = column as u16;
        column += 1;
    }
    all
};

/// The list of the first `count` columns.
pub(crate) fn all(count: usize) -> &'static [u16] {
    &ALL[..count]
}

/// A list of the columns that are not zero.
pub(crate) struct NonZeroColumns {
    columns: [MaybeUninit<u16>; LONGEST],
    count: usize,
}

impl NonZeroColumns {
    /// An empty list. Not a `const fn`: the compiler would fill a list that it computes with zeros, which
    /// takes as long as a small product.
    #[inline(always)]
    pub(crate) fn new() -> Self {
        Self { columns: [const { MaybeUninit::uninit() }; LONGEST], count: 0 }
    }

    pub(crate) fn clear(&mut self) {
        self.count = 0;
    }

    /// Adds a column if the condition holds.
    ///
    /// # Panics
    /// If the list has `LONGEST` columns already.
    #[inline(always)]
    pub(crate) fn push_if(&mut self, column: u16, condition: bool) {
        // Written in any case: the CPU could not predict a branch here.
        self.columns[self.count].write(column);
        self.count += usize::from(condition);
    }

    pub(crate) fn as_slice(&self) -> &[u16] {
        // SAFETY: the first `count` of them are written.
        unsafe { std::slice::from_raw_parts(self.columns.as_ptr().cast(), self.count) }
    }

    /// Lists the columns that are not zero, of `columns` columns that are `stride` numbers apart.
    ///
    /// # Safety
    /// The CPU must have the instructions of `V`, and `from` point to `rows` numbers of each
    /// column.
    ///
    /// # Panics
    /// If there are more than `LONGEST` columns.
    #[inline(always)]
    pub(crate) unsafe fn find<V: Vector>(
        &mut self,
        from: *const V::Number,
        stride: usize,
        (rows, columns): (usize, usize),
    ) -> &[u16] {
        assert!(columns <= LONGEST, "{columns} columns, at most {LONGEST}");
        self.clear();
        for column in 0..columns {
            // SAFETY: the column has `rows` numbers.
            let is_zero = unsafe { is_zero::<V>(from.add(column * stride), rows) };
            self.push_if(column as u16, !is_zero);
        }
        self.as_slice()
    }
}

/// Whether all of `count` numbers are 0. It tests four registers between branches.
///
/// # Safety
/// The CPU must have the instructions of `V`, and `from` must point to `count` numbers.
#[inline(always)]
unsafe fn is_zero<V: Vector>(from: *const V::Number, count: usize) -> bool {
    // SAFETY: every load is of numbers before `count`.
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

/// Writes zeros.
///
/// # Safety
/// The CPU must have the instructions of `V`, and there must be room for `count` numbers.
#[inline(always)]
pub(crate) unsafe fn set_zero<V: Vector>(numbers: *mut V::Number, count: usize) {
    // SAFETY: required of the caller.
    unsafe {
        let mut at = 0;
        while count - at >= V::LANES {
            V::zero().store(numbers.add(at));
            at += V::LANES;
        }
        if at < count {
            V::zero().store_first(numbers.add(at), count - at);
        }
    }
}
