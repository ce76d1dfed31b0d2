//! Pictures one after another, as a GIF.

use std::cmp::Reverse;
use std::collections::HashMap;

use anyhow::{Context, ensure};
use gif::{DisposalMethod, Encoder, Frame, Repeat};
use resvg::tiny_skia::Pixmap;

/// Hundredths of a second that a picture stands, and that the last one does.
const DELAY: u16 = 10;
const LAST_DELAY: u16 = 250;

/// Colours of a palette; one more means that a pixel stays as it was.
const COLORS: usize = 255;
const UNCHANGED: u8 = 255;

/// An animation of pictures of one size, over and over.
///
/// All pictures share a palette, and of each only what has changed is kept.
///
/// # Errors
/// If there is no picture, or their sizes differ.
pub(crate) fn gif(pictures: &[Pixmap]) -> anyhow::Result<Vec<u8>> {
    let (first, last) = pictures.first().zip(pictures.last()).context("nothing to animate")?;
    let size = (first.width(), first.height());
    let (width, height) = (u16::try_from(size.0)?, u16::try_from(size.1)?);
    let mut palette = Palette::of(&[first, &pictures[pictures.len() / 2], last]);
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, width, height, &palette.bytes())?;
    encoder.set_repeat(Repeat::Infinite)?;
    let mut before: Option<Vec<u8>> = None;
    for (index, picture) in pictures.iter().enumerate() {
        ensure!((picture.width(), picture.height()) == size, "pictures of several sizes");
        let indices = palette.indices(picture);
        let delay = if index + 1 == pictures.len() { LAST_DELAY } else { DELAY };
        let changed = Changed::between(before.as_deref(), &indices, usize::from(width));
        encoder.write_frame(&Frame { delay, ..changed.frame() })?;
        before = Some(indices);
    }
    drop(encoder);
    Ok(bytes)
}

/// The colours of an animation: the most frequent ones as they are. A picture of lines has few that
/// matter; the rest are shades at their edges, and become the nearest of these.
struct Palette {
    colors: Vec<[u8; 3]>,
    known: HashMap<[u8; 3], u8>,
}

impl Palette {
    fn of(pictures: &[&Pixmap]) -> Self {
        let mut counts: HashMap<[u8; 3], usize> = HashMap::new();
        for color in pictures.iter().flat_map(|picture| colors(picture)) {
            *counts.entry(color).or_default() += 1;
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        // Of equally frequent ones always the same.
        counts.sort_by_key(|&(color, count)| (Reverse(count), color));
        counts.truncate(COLORS);
        Self { colors: counts.into_iter().map(|(color, _)| color).collect(), known: HashMap::new() }
    }

    /// Red, green and blue of each, and at last of what stands for an unchanged pixel.
    fn bytes(&self) -> Vec<u8> {
        let mut colors = self.colors.clone();
        colors.resize(COLORS + 1, [0; 3]);
        colors.concat()
    }

    /// The colour of every pixel.
    fn indices(&mut self, picture: &Pixmap) -> Vec<u8> {
        let Self { colors: own, known } = self;
        colors(picture)
            .map(|color| *known.entry(color).or_insert_with(|| nearest(own, color)))
            .collect()
    }
}

/// The pixels of a picture, in which all are opaque.
fn colors(picture: &Pixmap) -> impl Iterator<Item = [u8; 3]> {
    picture.data().chunks_exact(4).map(|pixel| [pixel[0], pixel[1], pixel[2]])
}

fn nearest(colors: &[[u8; 3]], color: [u8; 3]) -> u8 {
    let distance = |own: &[u8; 3]| -> u32 {
        let parts = own.iter().zip(color);
        parts.map(|(&own, part)| u32::from(own.abs_diff(part)).pow(2)).sum()
    };
    let indices = 0..colors.len();
    indices.min_by_key(|&index| distance(&colors[index])).expect("a picture has pixels") as u8
}

/// The smallest rectangle that holds everything that has changed.
struct Changed {
    left: usize,
    top: usize,
    width: usize,
    pixels: Vec<u8>,
}

impl Changed {
    fn between(before: Option<&[u8]>, after: &[u8], width: usize) -> Self {
        let Some(before) = before else {
            return Self { left: 0, top: 0, width, pixels: after.to_vec() };
        };
        let changed = |index: &usize| before[*index] != after[*index];
        let rows = || (0..after.len()).filter(changed).map(|index| index / width);
        let columns = || (0..after.len()).filter(changed).map(|index| index % width);
        // A picture that has not changed at all becomes a single pixel.
        let (top, bottom) = (rows().min().unwrap_or(0), rows().max().unwrap_or(0));
        let (left, right) = (columns().min().unwrap_or(0), columns().max().unwrap_or(0));
        let row = |row: usize| row * width + left..=row * width + right;
        let pixel = |index: usize| if changed(&index) { after[index] } else { UNCHANGED };
        let pixels = (top..=bottom).flat_map(row).map(pixel).collect();
        Self { left, top, width: right - left + 1, pixels }
    }

    fn frame(self) -> Frame<'static> {
        Frame {
            left: self.left as u16,
            top: self.top as u16,
            width: self.width as u16,
            height: (self.pixels.len() / self.width) as u16,
            transparent: Some(UNCHANGED),
            dispose: DisposalMethod::Keep,
            buffer: self.pixels.into(),
            ..Frame::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gif::{ColorOutput, DecodeOptions};
    use resvg::tiny_skia::Color;

    /// A white picture with a black pixel.
    fn picture(x: usize, y: usize) -> Pixmap {
        let mut picture = Pixmap::new(8, 6).unwrap();
        picture.fill(Color::WHITE);
        let at = 4 * (y * 8 + x);
        picture.data_mut()[at..at + 3].fill(0);
        picture
    }

    #[test]
    fn what_is_played_is_what_was_drawn() {
        let pictures = [picture(1, 1), picture(6, 4), picture(6, 4), picture(0, 5)];
        let bytes = gif(&pictures).unwrap();
        let mut options = DecodeOptions::new();
        options.set_color_output(ColorOutput::RGBA);
        let mut decoder = options.read_info(bytes.as_slice()).unwrap();
        let mut shown = vec![0; 4 * 8 * 6];
        let mut delays = Vec::new();
        for picture in &pictures {
            let frame = decoder.read_next_frame().unwrap().unwrap();
            delays.push(frame.delay);
            for (index, pixel) in frame.buffer.chunks_exact(4).enumerate() {
                let (x, y) = (index % usize::from(frame.width), index / usize::from(frame.width));
                let at = 4 * ((y + usize::from(frame.top)) * 8 + x + usize::from(frame.left));
                if pixel[3] > 0 {
                    shown[at..at + 4].copy_from_slice(pixel);
                }
            }
            assert_eq!(shown, picture.data());
        }
        assert!(decoder.read_next_frame().unwrap().is_none());
        assert_eq!(delays, [DELAY, DELAY, DELAY, LAST_DELAY]);
    }

    #[test]
    fn pictures_of_several_sizes_or_none_are_refused() {
        let small = Pixmap::new(3, 3).unwrap();
        assert!(gif(&[picture(0, 0), small]).is_err());
        assert!(gif(&[]).is_err());
    }
}
