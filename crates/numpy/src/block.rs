//! Blocks of the operands of a product as plain `f64`, and the sums of their products.

use nnfs_kernel::Strided;

use crate::{Kind, NumpyScalar};

/// The side of the square blocks that are unpacked to plain `f64`. Three of them fit into the caches of
/// a core, and on the stack, so that nothing is allocated.
pub(crate) const BLOCK: usize = 64;

/// `BLOCK` lines (k) of `BLOCK` values (i), stored panel by panel. A panel has `BLOCK` lines of `WIDTH`
/// values, so that a tile of sums reads memory in order.
pub(crate) type Block = [f64; BLOCK * BLOCK];

/// Lines (j) of sums (i).
pub(crate) type Sums = [[f64; BLOCK]; BLOCK];

/// Line k, value i of the block = row `first_row + k`, column `first_column + i` of the matrix.
///
/// Returns whether all of them are float32. The rest of the block is unspecified.
#[inline(always)]
pub(crate) fn unpack<const WIDTH: usize>(
    matrix: Strided<'_, NumpyScalar>,
    (first_row, first_column): (usize, usize),
    (rows, columns): (usize, usize),
    block: &mut Block,
) -> bool {
    // 0 as long as all are float32. A loop without branches is faster.
    let mut others = 0;
    let mut value = |number: &NumpyScalar| {
        others |= number.kind() as u64 ^ Kind::Float32 as u64;
        number.value()
    };
    let mut quarter = [[0.0; 4]; BLOCK];
    let (lines, _) = block.as_chunks_mut::<WIDTH>();
    let panels = lines.chunks_exact_mut(BLOCK);
    for (start, lines) in (0..columns).step_by(WIDTH).zip(panels) {
        let width = WIDTH.min(columns - start);
        if matrix.column_stride() == 1 {
            for (k, line) in lines[..rows].iter_mut().enumerate() {
                let numbers = matrix.data_from(first_row + k, first_column + start);
                for (place, number) in line[..width].iter_mut().zip(numbers) {
                    *place = value(number);
                }
            }
            continue;
        }
        // Four columns at a time, first into a buffer of their own, so that the compiler uses vector
        // registers. Beyond the last column, the last column is used again.
        for i in (0..width).step_by(4) {
            let [a, b, c, d] = std::array::from_fn(|place| {
                let column = first_column + start + (i + place).min(width - 1);
                &matrix.data_from(first_row, column)[..rows]
            });
            for (piece, (((a, b), c), d)) in quarter.iter_mut().zip(a.iter().zip(b).zip(c).zip(d)) {
                *piece = [value(a), value(b), value(c), value(d)];
            }
            for (line, piece) in lines.iter_mut().zip(&quarter[..rows]) {
                line[i..i + 4].copy_from_slice(piece);
            }
        }
    }
    others == 0
}

/// `sums[j][i] += long[k][i] * short[k][j]` for every k, one after another; the first time, the
/// sums start from 0.
///
/// `FUSED` multiplies and adds in one instruction.
#[inline(always)]
pub(crate) fn add_products<const LONG: usize, const SHORT: usize, const FUSED: bool>(
    (long, short): (&Block, &Block),
    (length, lines, depth): (usize, usize, usize),
    is_first: bool,
    sums: &mut Sums,
) {
    let (long, _) = long.as_chunks::<LONG>();
    let (short, _) = short.as_chunks::<SHORT>();
    let (long_panels, _) = long.as_chunks::<BLOCK>();
    let (short_panels, _) = short.as_chunks::<BLOCK>();
    for (panel, long) in long_panels.iter().enumerate().take(length.div_ceil(LONG)) {
        let mut steps = [0_u8; BLOCK];
        let steps = nonzero(&long[..depth], &mut steps);
        let short_panels = short_panels.iter().zip(sums.as_chunks_mut::<SHORT>().0);
        for (short, lines) in short_panels.take(lines.div_ceil(SHORT)) {
            let mut lines = lines.each_mut().map(|line| &mut line.as_chunks_mut::<LONG>().0[panel]);
            let mut tile = [[0.0; LONG]; SHORT];
            if !is_first {
                for (tile, line) in tile.iter_mut().zip(&lines) {
                    *tile = **line;
                }
            }
            for &k in steps {
                let (long, short) = (&long[usize::from(k) % BLOCK], &short[usize::from(k) % BLOCK]);
                for (tile, &factor) in tile.iter_mut().zip(short) {
                    for (sum, &value) in tile.iter_mut().zip(long) {
                        *sum =
                            if FUSED { value.mul_add(factor, *sum) } else { *sum + value * factor };
                    }
                }
            }
            for (tile, line) in tile.iter().zip(&mut lines) {
                **line = *tile;
            }
        }
    }
}

/// Lists the lines that are not all 0. Adding `0 * factor` changes no sum, because no sum is -0: it
/// starts from 0, and `x - x` is 0. This holds for finite factors.
#[inline(always)]
fn nonzero<'a, const LONG: usize>(lines: &[[f64; LONG]], list: &'a mut [u8; BLOCK]) -> &'a [u8] {
    let mut count = 0;
    for (k, line) in lines.iter().enumerate() {
        let bits = line.iter().fold(0, |bits, value| bits | value.to_bits());
        // Written in any case: a branch here could not be predicted.
        list[count] = k as u8;
        count += usize::from(bits != 0);
    }
    &list[..count]
}
