//! A film as a GIF: one palette for all pictures, and of each picture only what has changed.

use std::{borrow::Cow, collections::HashMap};

use color_quant::NeuQuant;
use gif::{DisposalMethod, Encoder, EncodingError, Frame, Repeat};
use thiserror::Error;

/// Colors of the palette; the place after them stands for what has not changed.
const COLORS: usize = 255;
/// Colors are told apart by so many bits of each part, unless that is too few for the palette.
const KEPT_BITS: u8 = 0b1111_1100;
/// Every which color the palette's net learns from: all of them.
const EVERY: i32 = 1;

/// Why there is no GIF.
#[derive(Debug, Error)]
pub enum GifError {
    /// A picture of another size, or larger than a GIF can be.
    #[error("a GIF has pictures of one size, up to 65 535 pixels a side; found {0} × {1}")]
    Size(usize, usize),
    /// What the library says.
    #[error("the pictures could not be put together: {0}")]
    Encoding(#[from] EncodingError),
}

/// The colors of some pictures, given as RGBA, as few as a GIF takes.
pub struct Palette {
    net: Option<NeuQuant>,
    rgb: Vec<u8>,
    known: HashMap<[u8; 3], u8>,
}

impl Palette {
    /// One that fits all of these pictures.
    pub fn of(pictures: &[Vec<u8>]) -> Self {
        let mut counts: HashMap<[u8; 3], u32> = HashMap::new();
        for pixel in pictures.iter().flat_map(|picture| picture.chunks_exact(4)) {
            *counts.entry([pixel[0], pixel[1], pixel[2]]).or_default() += 1;
        }
        let mut colors: Vec<([u8; 3], u32)> = counts.into_iter().collect();
        colors.sort_unstable();
        if colors.len() <= COLORS {
            let known = colors.iter().enumerate().map(|(place, (color, _))| (*color, place as u8)).collect();
            return Self { net: None, rgb: colors.iter().flat_map(|(color, _)| *color).collect(), known };
        }
        // Thin lines have few pixels and matter as much as a background: a color counts by the
        // logarithm of its pixels.
        let mut coarse: HashMap<[u8; 3], ([u8; 3], u32)> = HashMap::new();
        for (color, count) in colors {
            let entry = coarse.entry(color.map(|part| part & KEPT_BITS)).or_insert((color, 0));
            if count > entry.1 {
                entry.0 = color;
            }
            entry.1 = entry.1.saturating_add(count);
        }
        let mut coarse: Vec<([u8; 3], u32)> = coarse.into_values().collect();
        coarse.sort_unstable();
        let sample: Vec<u8> =
            coarse.iter().flat_map(|([r, g, b], count)| [*r, *g, *b, 255].repeat(1 + count.ilog2() as usize)).collect();
        let net = NeuQuant::new(EVERY, COLORS, &sample);
        let rgb = net.color_map_rgb();
        Self { net: Some(net), rgb, known: HashMap::new() }
    }

    /// The place of the color that comes nearest.
    fn place(&mut self, [r, g, b]: [u8; 3]) -> u8 {
        let Self { net, rgb, known } = self;
        *known.entry([r, g, b]).or_insert_with(|| match net {
            Some(net) => net.index_of(&[r, g, b, 255]) as u8,
            None => nearest(rgb, [r, g, b]),
        })
    }
}

/// The place of the color that comes nearest in all of a palette.
fn nearest(rgb: &[u8], color: [u8; 3]) -> u8 {
    let distance = |own: &[u8]| -> i32 {
        own.iter().zip(color).map(|(own, asked)| (i32::from(*own) - i32::from(asked)).pow(2)).sum()
    };
    let place = rgb.chunks_exact(3).enumerate().min_by_key(|(_, own)| distance(own));
    place.map_or(0, |(place, _)| place as u8)
}

/// A GIF that is being made.
pub struct Gif {
    encoder: Encoder<Vec<u8>>,
    palette: Palette,
    width: usize,
    height: usize,
    /// The last picture, in places of the palette.
    last: Vec<u8>,
    /// What is to be written once it is known for how long it is shown.
    due: Option<Frame<'static>>,
    hundredths: u16,
}

impl Gif {
    /// An endless one of so many pixels, each picture shown for some hundredths of a second.
    pub fn new(width: usize, height: usize, hundredths: u16, palette: Palette) -> Result<Self, GifError> {
        let side = |pixels: usize| u16::try_from(pixels).ok().filter(|pixels| *pixels > 0);
        let (Some(across), Some(down)) = (side(width), side(height)) else { return Err(GifError::Size(width, height)) };
        let mut encoder = Encoder::new(Vec::new(), across, down, &palette.rgb)?;
        encoder.set_repeat(Repeat::Infinite)?;
        Ok(Self { encoder, palette, width, height, last: Vec::new(), due: None, hundredths })
    }

    /// Adds a picture, given as RGBA from the top left. One that is the same as the last makes that
    /// stay longer.
    pub fn add(&mut self, rgba: &[u8]) -> Result<(), GifError> {
        if rgba.len() != 4 * self.width * self.height {
            return Err(GifError::Size(rgba.len() / 4 / self.height, self.height));
        }
        let places: Vec<u8> =
            rgba.chunks_exact(4).map(|pixel| self.palette.place([pixel[0], pixel[1], pixel[2]])).collect();
        let Some([left, top, right, bottom]) = self.changed(&places) else {
            if let Some(due) = &mut self.due {
                due.delay = due.delay.saturating_add(self.hundredths);
            }
            return Ok(());
        };
        let width = right - left;
        let rows = (top..bottom).map(|row| row * self.width + left..row * self.width + right);
        let buffer: Vec<u8> = rows
            .flatten()
            .map(|at| if self.last.get(at) == Some(&places[at]) { COLORS as u8 } else { places[at] })
            .collect();
        let frame = Frame {
            delay: self.hundredths,
            dispose: DisposalMethod::Keep,
            transparent: Some(COLORS as u8),
            left: left as u16,
            top: top as u16,
            width: width as u16,
            height: (bottom - top) as u16,
            buffer: Cow::Owned(buffer),
            ..Frame::default()
        };
        self.last = places;
        match self.due.replace(frame) {
            Some(frame) => Ok(self.encoder.write_frame(&frame)?),
            None => Ok(()),
        }
    }

    /// The smallest part, as left, top, right and bottom, outside of which nothing has changed.
    fn changed(&self, places: &[u8]) -> Option<[usize; 4]> {
        if self.last.is_empty() {
            return Some([0, 0, self.width, self.height]);
        }
        let rows = self.last.chunks_exact(self.width).zip(places.chunks_exact(self.width)).enumerate();
        let mut part: Option<[usize; 4]> = None;
        for (row, (before, now)) in rows.filter(|(_, (before, now))| before != now) {
            let differs = |at: &usize| before[*at] != now[*at];
            let left = (0..self.width).find(differs).unwrap_or_default();
            let right = (0..self.width).rev().find(differs).unwrap_or_default() + 1;
            let [l, t, r, _] = part.unwrap_or([left, row, right, row + 1]);
            part = Some([l.min(left), t, r.max(right), row + 1]);
        }
        part
    }

    /// The file.
    pub fn finish(mut self) -> Result<Vec<u8>, GifError> {
        if let Some(frame) = self.due.take() {
            self.encoder.write_frame(&frame)?;
        }
        Ok(self.encoder.into_inner()?)
    }
}

#[cfg(test)]
mod tests {
    use gif::{ColorOutput, DecodeOptions};

    use super::*;

    const SIZE: (usize, usize) = (24, 10);

    /// A picture with a dot at a place, on a ground of one or of many colors.
    fn picture(dot: usize, is_colorful: bool) -> Vec<u8> {
        let ground = |at: usize| if is_colorful { [at as u8, 255 - at as u8, 100] } else { [250; 3] };
        (0..SIZE.0 * SIZE.1)
            .flat_map(|at| {
                let [r, g, b] = if at == dot { [220, 20, 60] } else { ground(at) };
                [r, g, b, 255]
            })
            .collect()
    }

    fn gif_of(pictures: &[Vec<u8>]) -> Vec<u8> {
        let mut gif = Gif::new(SIZE.0, SIZE.1, 5, Palette::of(pictures)).expect("a GIF");
        for picture in pictures {
            gif.add(picture).expect("a picture");
        }
        gif.finish().expect("a file")
    }

    /// What a viewer shows: each picture with its hundredths of a second, as RGBA.
    fn shown(bytes: &[u8]) -> Vec<(u16, Vec<u8>)> {
        let mut options = DecodeOptions::new();
        options.set_color_output(ColorOutput::RGBA);
        let mut decoder = options.read_info(bytes).expect("a GIF");
        let mut screen = vec![0; 4 * SIZE.0 * SIZE.1];
        let mut all = Vec::new();
        while let Some(frame) = decoder.read_next_frame().expect("a picture") {
            let (left, top, width) = (usize::from(frame.left), usize::from(frame.top), usize::from(frame.width));
            for (at, pixel) in frame.buffer.chunks_exact(4).enumerate().filter(|(_, pixel)| pixel[3] > 0) {
                let to = 4 * ((top + at / width) * SIZE.0 + left + at % width);
                screen[to..to + 4].copy_from_slice(pixel);
            }
            all.push((frame.delay, screen.clone()));
        }
        all
    }

    #[test]
    fn few_colors_come_back_to_the_last_bit_and_what_stays_the_same_stays_longer() {
        let [a, b] = [picture(30, false), picture(100, false)];
        let bytes = gif_of(&[a.clone(), a.clone(), b.clone(), a.clone()]);
        assert_eq!(shown(&bytes), vec![(10, a.clone()), (5, b), (5, a)]);
    }

    #[test]
    fn many_colors_come_back_nearly_and_a_single_dot_keeps_its_own() {
        // More than a palette takes.
        let mut many = vec![picture(30, true), picture(100, true), picture(0, false)];
        many.push((0..SIZE.0 * SIZE.1).flat_map(|at| [at as u8, (at / 2) as u8, 255 - at as u8, 255]).collect());
        let all = shown(&gif_of(&many));
        for (number, (original, (_, found))) in many.iter().zip(&all).enumerate() {
            let differences = original.iter().zip(found).map(|(a, b)| f64::from(a.abs_diff(*b)));
            let mean = differences.sum::<f64>() / original.len() as f64;
            assert!(mean < 2.0, "picture {number}: {mean} of 255 off on average");
        }
        for (number, dot) in [(0, 30), (1, 100), (2, 0)] {
            let pixel = &all[number].1[4 * dot..4 * dot + 3];
            let off = pixel.iter().zip([220_u8, 20, 60]).map(|(a, b)| a.abs_diff(b)).max();
            assert!(off < Some(40), "the dot of picture {number} is {pixel:?}");
        }
    }

    #[test]
    fn what_does_not_change_costs_little() {
        let still: Vec<Vec<u8>> = (0..50).map(|_| picture(30, true)).collect();
        let one = gif_of(&still[..1]).len();
        assert_eq!(gif_of(&still).len(), one);
        let moving: Vec<Vec<u8>> = (0..50).map(|number| picture(30 + number, false)).collect();
        assert!(gif_of(&moving).len() < gif_of(&moving[..1]).len() + 49 * 40);
    }

    #[test]
    fn a_picture_of_another_size_is_refused() {
        let pictures = [picture(0, false)];
        let mut gif = Gif::new(SIZE.0, SIZE.1 + 1, 5, Palette::of(&pictures)).expect("a GIF");
        assert!(matches!(gif.add(&pictures[0]), Err(GifError::Size(..))));
        assert!(matches!(Gif::new(0, 10, 5, Palette::of(&pictures)), Err(GifError::Size(0, 10))));
    }
}
