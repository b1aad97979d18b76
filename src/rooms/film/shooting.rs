//! Takes a film: picture by picture the Lab shows a step, and the panels are drawn for it.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use js_sys::{Array, Object, Promise, Reflect, Uint8Array};
use thiserror::Error;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, HtmlCanvasElement};
use yew::Callback;

use super::{
    gif::{Gif, GifError, Palette},
    recording::{self, Recording},
    reel::{Kind, Reel},
};
use crate::{
    browser,
    chart::{canvas, palette::Tone},
    lab::{LabHandle, Place, Take},
    listening::Listening,
    rooms::{
        export::picture::{Sheet, pen_of},
        files,
    },
};

/// A picture that a worker has to be asked for is waited for so long, in milliseconds.
const PATIENCE_MS: f64 = 4_000.0;
/// Pictures that the palette of a GIF is made of.
const SAMPLES: u64 = 5;

/// What is filmed, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct Script {
    /// Which step when.
    pub reel: Reel,
    /// The whole board, or one of its panels.
    pub which: Option<Place>,
    /// On light or on dark.
    pub tone: Tone,
    /// Pixels across.
    pub width: f64,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Progress {
    /// Runs are computed: up to this step of those.
    Computing(u64, u64),
    /// Pictures are taken: this share of them.
    Shooting(f64),
}

/// Why there is no film.
#[derive(Debug, Error)]
pub enum NoFilm {
    /// The person wants none any more.
    #[error("Cancelled. Nothing was saved.")]
    Cancelled,
    /// The runs were changed meanwhile.
    #[error("The runs were changed while the film was taken. Nothing was saved; please try again.")]
    Spoilt,
    /// All runs have ended before.
    #[error("All runs have ended by step {0}, before the film begins. Choose an earlier first step.")]
    NothingToSee(u64),
    /// The browser has no recorder.
    #[error("This browser records no films. A GIF can be made all the same.")]
    NoRecorder,
    /// Something the browser says.
    #[error("The film could not be made: {0}. Nothing was saved; a GIF may work, or a smaller width.")]
    Browser(String),
    /// Something about the GIF.
    #[error("The film could not be made: {0}. Nothing was saved.")]
    Gif(#[from] GifError),
}

impl From<JsValue> for NoFilm {
    fn from(error: JsValue) -> Self {
        Self::Browser(browser::text_of(&error).trim_end_matches('.').to_owned())
    }
}

/// A film, the ending of its file, and how it came out in words.
pub struct Film {
    /// The file.
    pub blob: Blob,
    /// Its ending.
    pub ending: &'static str,
    /// How long it takes, in seconds.
    pub seconds: f64,
}

/// Waits for the next frame of the browser.
async fn next_frame() {
    let promise = Promise::new(&mut |resolve, _| {
        if let Some(window) = web_sys::window() {
            // A window that refuses frames is closing.
            let _ = window.request_animation_frame(resolve.unchecked_ref());
        }
    });
    // A promise that nobody rejects.
    let _ = JsFuture::from(promise).await;
}

/// Draws pictures of what the Lab shows on one canvas.
struct Camera<'a> {
    lab: &'a LabHandle,
    script: &'a Script,
    screen: &'a HtmlCanvasElement,
    /// Pixels to a CSS pixel.
    ratio: f64,
    /// Canvases of the last picture, to be drawn on again.
    kept: RefCell<Vec<HtmlCanvasElement>>,
}

impl<'a> Camera<'a> {
    /// Makes the screen as large as the pictures are.
    fn new(lab: &'a LabHandle, script: &'a Script, screen: &'a HtmlCanvasElement) -> Result<Self, NoFilm> {
        let camera = Self { lab, script, screen, ratio: 1.0, kept: RefCell::default() };
        let size = camera.sheet().draw(lab, 1.0, false, canvas::detached)?;
        let ratio = script.width / size.width;
        // Encoders take even numbers of pixels.
        let even = |pixels: f64| 2 * (pixels / 2.0).round() as u32;
        if script.reel.kind == Kind::Gif {
            // Its pixels are read picture by picture.
            let options = Object::new();
            Reflect::set(&options, &"willReadFrequently".into(), &true.into())?;
            screen.get_context_with_context_options("2d", &options)?;
        }
        screen.set_width(even(script.width));
        screen.set_height(even(size.height * ratio));
        Ok(Self { ratio, ..camera })
    }

    fn sheet(&self) -> Sheet {
        // On a screen nobody follows a link; the text of it would be as long as a picture is wide.
        let mut sheet = Sheet::new(self.lab, self.script.which, self.script.tone);
        sheet.link.clear();
        sheet
    }

    fn draw(&self) -> Result<(), NoFilm> {
        let used = Cell::new(0);
        let canvas_of = |width: f64, height: f64| {
            let mut kept = self.kept.borrow_mut();
            let place = used.replace(used.get() + 1);
            if let Some(canvas) = kept.get(place) {
                // Setting the size clears it.
                canvas.set_width(width.round() as u32);
                canvas.set_height(height.round() as u32);
                return Ok(canvas.clone());
            }
            let canvas = canvas::detached(width, height)?;
            kept.push(canvas.clone());
            Ok(canvas)
        };
        self.sheet().draw(self.lab, self.ratio, false, canvas_of)?;
        self.draw_again()
    }

    /// Draws the last picture again: a recorder takes what is drawn, and nothing while that rests.
    /// Where it is smaller or larger than the first one was, it keeps its corner.
    fn draw_again(&self) -> Result<(), NoFilm> {
        if let Some(picture) = self.kept.borrow().first() {
            pen_of(self.screen)?.draw_image_with_html_canvas_element(picture, 0.0, 0.0)?;
        }
        Ok(())
    }

    fn pixels(&self) -> Result<Vec<u8>, NoFilm> {
        let (width, height) = (f64::from(self.screen.width()), f64::from(self.screen.height()));
        Ok(pen_of(self.screen)?.get_image_data(0.0, 0.0, width, height)?.data().0)
    }
}

/// A film that is being made.
pub struct Shooting<'a> {
    /// The Lab.
    pub lab: &'a LabHandle,
    /// What is filmed.
    pub script: &'a Script,
    /// Where it is drawn, for those who watch.
    pub screen: &'a HtmlCanvasElement,
    /// Is told how far it is.
    pub progress: &'a Callback<Progress>,
    /// Whether the person wants it no more.
    pub is_cancelled: &'a Cell<bool>,
}

impl Shooting<'_> {
    /// Makes the film.
    ///
    /// # Errors
    ///
    /// See [`NoFilm`]. The Lab shows what it showed before, whatever comes.
    pub async fn film(&self) -> Result<Film, NoFilm> {
        let recorder = match self.script.reel.kind {
            Kind::Film => Some(recording::kind().ok_or(NoFilm::NoRecorder)?),
            Kind::Gif => None,
        };
        let Reel { first, last, .. } = self.script.reel;
        let take = Take::begin(self.lab, last);
        while let Some(step) = take.computing() {
            self.progress.emit(Progress::Computing(step, last));
            next_frame().await;
            self.check(&take)?;
        }
        let last = last.min(self.lab.read(crate::session::Session::last_step));
        if last <= first {
            return Err(NoFilm::NothingToSee(last));
        }
        let reel = Reel { last, ..self.script.reel };
        self.show(&take, last).await?;
        let camera = Camera::new(self.lab, self.script, self.screen)?;
        match recorder {
            Some(recorder) => self.record(&take, &camera, reel, recorder).await,
            None => self.assemble(&take, &camera, reel).await,
        }
    }

    fn check(&self, take: &Take) -> Result<(), NoFilm> {
        if self.is_cancelled.get() {
            return Err(NoFilm::Cancelled);
        }
        if take.is_spoilt() { Err(NoFilm::Spoilt) } else { Ok(()) }
    }

    /// Has a step shown, and waits until it is.
    async fn show(&self, take: &Take, step: u64) -> Result<(), NoFilm> {
        take.show(step);
        let begin = browser::now();
        while !take.shows(step) && browser::now() - begin < PATIENCE_MS {
            next_frame().await;
            self.check(take)?;
        }
        Ok(())
    }

    /// Has the browser record the pictures while they are drawn, each at its time.
    async fn record(
        &self,
        take: &Take,
        camera: &Camera<'_>,
        reel: Reel,
        (media_type, ending): (&'static str, &'static str),
    ) -> Result<Film, NoFilm> {
        self.show(take, reel.first).await?;
        camera.draw()?;
        let recording = Recording::begin(self.screen, media_type, reel.kind.rate()).map_err(NoFilm::Browser)?;
        let recording = Rc::new(recording);
        // A tab that nobody sees draws nothing: its time is left out.
        let away = Rc::new(Cell::new(0.0));
        let hearing = Listening::to_document(&["visibilitychange"], {
            let (recording, away, since) = (Rc::downgrade(&recording), away.clone(), Cell::new(None));
            move |_| {
                let Some(recording) = recording.upgrade() else { return };
                if browser::is_hidden() {
                    recording.pause();
                    since.set(Some(browser::now()));
                } else {
                    recording.resume();
                    away.set(away.get() + since.take().map_or(0.0, |since| browser::now() - since));
                }
            }
        });
        let begin = browser::now();
        let mut left_out = 0.0;
        let mut shown = reel.first;
        loop {
            next_frame().await;
            self.check(take)?;
            if let Some(error) = recording.error() {
                return Err(NoFilm::Browser(error));
            }
            let seconds = (browser::now() - begin - left_out - away.get()) / 1000.0;
            if seconds >= reel.seconds() {
                break;
            }
            let step = reel.step_at(seconds);
            if step != shown {
                take.show(step);
                if !take.shows(step) {
                    let since = browser::now();
                    recording.pause();
                    self.show(take, step).await?;
                    recording.resume();
                    left_out += browser::now() - since;
                }
                camera.draw()?;
                shown = step;
            } else {
                camera.draw_again()?;
            }
            self.progress.emit(Progress::Shooting(seconds / reel.seconds()));
        }
        drop(hearing);
        let recording = Rc::try_unwrap(recording).map_err(|_| NoFilm::Browser("the recorder is in use".to_owned()))?;
        let blob = recording.finish(reel.seconds()).await.map_err(NoFilm::Browser)?;
        Ok(Film { blob, ending, seconds: reel.seconds() })
    }

    /// Puts the pictures together to a GIF, as fast as they can be drawn.
    async fn assemble(&self, take: &Take, camera: &Camera<'_>, reel: Reel) -> Result<Film, NoFilm> {
        let mut samples = Vec::new();
        for sample in 0..SAMPLES {
            self.show(take, reel.first + (reel.last - reel.first) * sample / (SAMPLES - 1)).await?;
            camera.draw()?;
            samples.push(camera.pixels()?);
            next_frame().await;
            self.check(take)?;
        }
        let palette = Palette::of(&samples);
        drop(samples);
        let (width, height) = (self.screen.width() as usize, self.screen.height() as usize);
        let hundredths = (100.0 / reel.kind.rate()).round() as u16;
        let mut gif = Gif::new(width, height, hundredths, palette)?;
        let mut pixels = Vec::new();
        let mut shown = None;
        for number in 0..reel.pictures() {
            let step = reel.step_of_picture(number);
            if shown.replace(step) != Some(step) {
                self.show(take, step).await?;
                camera.draw()?;
                pixels = camera.pixels()?;
                self.progress.emit(Progress::Shooting(number as f64 / reel.pictures() as f64));
                next_frame().await;
                self.check(take)?;
            }
            gif.add(&pixels)?;
        }
        let bytes = gif.finish()?;
        let parts = Array::of1(&Uint8Array::from(&bytes[..]));
        let blob = files::blob(&parts, "image/gif").ok_or_else(|| NoFilm::Browser("it has no room".to_owned()))?;
        Ok(Film { blob, ending: "gif", seconds: reel.seconds() })
    }
}
