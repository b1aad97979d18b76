//! Colors and line styles. Run colors are those of Okabe and Ito (2008), chosen to be told apart by
//! color-blind eyes, brightened on dark.

use flatland_engine::phase::Phase;
use plotters::style::RGBColor;

/// The page's type face, for canvases.
pub const FACE: &str = r#"Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif"#;

/// A color as CSS.
pub fn css(RGBColor(red, green, blue): RGBColor) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// Light on dark or dark on light.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Dark ink on a light page.
    Light,
    /// Light ink on a dark page.
    Dark,
}

/// The colors that a chart is drawn with.
#[derive(Clone, Copy, Debug)]
pub struct Palette {
    /// Titles, labels at line ends.
    pub ink: RGBColor,
    /// Tick labels.
    pub muted: RGBColor,
    /// Grid lines.
    pub grid: RGBColor,
    /// Behind labels that lie on lines.
    pub page: RGBColor,
    /// The region above the edge of stability.
    pub beyond: RGBColor,
    tone: Tone,
}

const fn rgb(hex: u32) -> RGBColor {
    RGBColor((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

/// Blue, vermillion, green, purple, sky, orange, then two greys that read as a seventh and eighth.
const ON_LIGHT: [RGBColor; 8] = [
    rgb(0x0072b2),
    rgb(0xd55e00),
    rgb(0x009e73),
    rgb(0xcc79a7),
    rgb(0x56b4e9),
    rgb(0xe69f00),
    rgb(0x7a5c1e),
    rgb(0x5b6270),
];
const ON_DARK: [RGBColor; 8] = [
    rgb(0x56a9e0),
    rgb(0xf0883a),
    rgb(0x2dc79b),
    rgb(0xdf9cc2),
    rgb(0x8fd0f5),
    rgb(0xf2bd4a),
    rgb(0xc7a768),
    rgb(0xa5adba),
];

impl Palette {
    /// The palette of a tone.
    pub const fn new(tone: Tone) -> Self {
        match tone {
            Tone::Light => Self {
                ink: rgb(0x16191d),
                muted: rgb(0x5b626b),
                grid: rgb(0xe9ebee),
                page: rgb(0xffffff),
                beyond: rgb(0x0b5cad),
                tone,
            },
            Tone::Dark => Self {
                ink: rgb(0xe9ecf0),
                muted: rgb(0x9aa3ae),
                grid: rgb(0x272c33),
                page: rgb(0x14171b),
                beyond: rgb(0x5fb0ff),
                tone,
            },
        }
    }

    /// The tone this palette is for.
    pub const fn tone(&self) -> Tone {
        self.tone
    }

    /// The color of a phase in the strip of phases: cool below the edge, warm above it.
    pub fn phase(&self, phase: Phase) -> RGBColor {
        let (light, dark) = match phase {
            Phase::Starting => (0xd5d9de, 0x3a4048),
            Phase::ProgressiveSharpening => (0x7fb2dd, 0x3f78aa),
            Phase::BelowTheEdge => (0xb9c6d3, 0x55626f),
            Phase::AboveTheEdge => (0xe9a23b, 0xc98a2b),
            Phase::EdgeOfStability => (0x0b5cad, 0x5fb0ff),
            Phase::Catapult => (0xd1495b, 0xe4687a),
            Phase::Orbit(_) => (0x7b5ea7, 0xa98bd6),
            Phase::Converged => (0x2f8f6b, 0x49b88e),
            Phase::AtLastDigits => (0x8c8577, 0x8f897c),
            Phase::Stalled | Phase::Diverged | Phase::Unbounded => (0x5a1f28, 0xb0525f),
        };
        rgb(match self.tone {
            Tone::Light => light,
            Tone::Dark => dark,
        })
    }

    /// The color of a run.
    pub const fn run(&self, index: usize) -> RGBColor {
        match self.tone {
            Tone::Light => ON_LIGHT[index % 8],
            Tone::Dark => ON_DARK[index % 8],
        }
    }
}

/// The dash pattern of a run's line, in CSS pixels: solid for the first four, since the last ones
/// are paler.
pub const fn dashes(index: usize) -> Option<(f64, f64)> {
    match index % 8 {
        0..4 => None,
        4 | 5 => Some((9.0, 3.0)),
        _ => Some((3.0, 2.5)),
    }
}

/// The class that gives an element the color of a run.
pub fn run_class(color: usize) -> String {
    format!("run-{}", color % 8)
}
