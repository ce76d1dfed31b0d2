//! Pictures in pixels, from the same SVG that stands beside them, with a font of our own.

use std::sync::Arc;

use anyhow::Context;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::Database;
use resvg::usvg::{Options, Tree};

const FONT: &[u8] = include_bytes!("../../assets/OpenSans-Latin.ttf");

/// Draws SVG as pixels.
pub(crate) struct Raster(Options<'static>);

impl Raster {
    pub(crate) fn new() -> Self {
        let mut fonts = Database::new();
        fonts.load_font_data(FONT.to_vec());
        fonts.set_sans_serif_family("Open Sans");
        Self(Options { fontdb: Arc::new(fonts), ..Options::default() })
    }

    /// The picture, so many times as large as it is shown.
    ///
    /// # Errors
    /// If it is no SVG.
    pub(crate) fn draw(&self, svg: &str, scale: f32) -> anyhow::Result<Pixmap> {
        let tree = Tree::from_str(svg, &self.0).context("cannot read a picture")?;
        let size = tree.size().to_int_size().scale_by(scale).context("a picture without size")?;
        let mut pixels = Pixmap::new(size.width(), size.height()).context("a picture too large")?;
        resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
        Ok(pixels)
    }

    /// The picture as a PNG, twice as large as it is shown: sharp on every screen.
    ///
    /// # Errors
    /// If it is no SVG.
    pub(crate) fn png(&self, svg: &str) -> anyhow::Result<Vec<u8>> {
        self.draw(svg, 2.0)?.encode_png().context("cannot write a picture")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQUARE: &str = "<svg width=\"40\" height=\"20\" xmlns=\"http://www.w3.org/2000/svg\">\
        <rect width=\"40\" height=\"20\" fill=\"#fff\"/>TEXT</svg>";

    fn dark_pixels(text: &str) -> usize {
        let pixels = Raster::new().draw(&SQUARE.replace("TEXT", text), 1.0).unwrap();
        assert_eq!((pixels.width(), pixels.height()), (40, 20));
        pixels.pixels().iter().filter(|pixel| pixel.red() < 128).count()
    }

    /// No font of the system is asked for: the text is there on every machine.
    #[test]
    fn text_is_drawn_with_a_font_of_our_own() {
        let text = |family: &str| {
            dark_pixels(&format!("<text y=\"15\" font-size=\"15\" {family}>sin 2πx − 1</text>"))
        };
        assert_eq!(dark_pixels(""), 0);
        assert!(text("font-family=\"sans-serif\"") > 40);
    }

    #[test]
    fn a_png_is_twice_as_large_as_shown() {
        let png = Raster::new().png(&SQUARE.replace("TEXT", "")).unwrap();
        assert!(png.starts_with(b"\x89PNG\r\n\x1a\n"));
        assert_eq!(png[16..24], [0, 0, 0, 80, 0, 0, 0, 40]);
    }
}
