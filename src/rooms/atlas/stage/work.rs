//! The work on drawings: when they are computed, by whom, and what is heard of it.

use super::{Inner, LEAST, MOST_PIXELS, Map, Told, UNIT};
use crate::{
    browser,
    pixels::crew::{News, Work},
    rooms::atlas::paint::Frame,
};

/// The side of a pixel that is a run of a network, in CSS pixels.
const PIXEL_OF_NETWORK: f64 = 12.0;

impl Inner {
    pub(super) fn map_of(&mut self, number: u32) -> Option<&mut Map> {
        self.maps.iter_mut().chain(&mut self.picture).find(|map| map.number == number)
    }

    /// Whether a drawing is for the card: bifurcation diagrams and what only the engine can do are
    /// not.
    pub(super) fn suits_card(&self, map: &Map) -> bool {
        self.card.is_some() && !map.sheet.is_diagram() && map.sheet.reason().is_empty()
    }

    /// Calls all work on what is shown off.
    pub(super) fn call_off(&mut self) {
        for index in 0..self.maps.len() {
            self.call_off_number(self.maps[index].number);
        }
    }

    pub(super) fn call_off_picture(&mut self) -> bool {
        let picture = std::mem::take(&mut self.picture);
        picture.iter().for_each(|map| self.call_off_number(map.number));
        !picture.is_empty()
    }

    pub(super) fn call_off_number(&self, number: u32) {
        self.crew.call_off(number);
        if let Some((card, _)) = &self.card {
            card.call_off(number);
        }
    }

    pub(super) fn fit(&mut self, index: usize, told: &mut Vec<Told>) {
        let zoom = (self.style)().zoom;
        let Some(map) = self.maps.get_mut(index) else { return };
        let Some(canvas) = &map.canvas else { return };
        let (width, height) = (canvas.client_width(), canvas.client_height());
        if width < LEAST || height < LEAST {
            return;
        }
        let (width, height, ratio) = (f64::from(width), f64::from(height), browser::pixel_ratio());
        let frame = Frame::within(width, height, zoom);
        // A branch of a diagram is one pixel wide, which has to be seen from afar.
        let coarser = if map.sheet.is_diagram() {
            zoom
        } else if map.sheet.is_of_network() {
            ratio * PIXEL_OF_NETWORK
        } else {
            1.0
        };
        let fine = ratio.min((MOST_PIXELS / (frame.width * frame.height)).sqrt()) / coarser;
        let side = |length: f64| ((length * fine).round() as usize).max(1);
        let size = (side(frame.width), side(frame.height));
        let store = ((width * ratio).round() as u32, (height * ratio).round() as u32);
        if map.number != 0
            && (map.frame, map.sheet.size()) == (frame, size)
            && (canvas.width(), canvas.height()) == store
        {
            return;
        }
        canvas.set_width(store.0);
        canvas.set_height(store.1);
        map.frame = frame;
        map.sheet.resize(size.0, size.1);
        self.draw(index, told);
    }

    /// Has what is not known of a drawing computed, and shows it as it comes.
    pub(super) fn draw(&mut self, index: usize, told: &mut Vec<Told>) {
        self.call_off_number(self.maps[index].number);
        self.counted += 1;
        let is_on_card = self.suits_card(&self.maps[index]);
        let map = &mut self.maps[index];
        map.number = self.counted;
        map.coarse = map.sheet.coarse();
        let number = map.number;
        browser::mark("atlas: begun");
        self.paint(told);
        self.hand_out(number, is_on_card, told);
    }

    /// Hands the work on a drawing out, to the card if it is for that.
    pub(super) fn hand_out(&mut self, number: u32, is_on_card: bool, told: &mut Vec<Told>) {
        let document = self.document.clone();
        let Some(map) = self.map_of(number) else { return };
        let pixels = map.sheet.work();
        map.is_open = !pixels.is_empty();
        map.is_on_card = is_on_card;
        told.push(Told::Progress);
        if pixels.is_empty() {
            return;
        }
        let (columns, rows) = map.sheet.size();
        let work = Work {
            drawing: number,
            size: [columns, rows],
            experiment: document,
            order: map.sheet.order().to_json().into(),
            unit: if map.sheet.is_diagram() || map.sheet.is_of_network() { 1 } else { UNIT },
            pixels,
        };
        match &self.card {
            Some((card, _)) if is_on_card => card.draw(work),
            _ => self.crew.draw(work),
        }
    }

    pub(super) fn hear(&mut self, number: u32, news: News, told: &mut Vec<Told>) {
        let is_shown = self.maps.iter().any(|map| map.number == number);
        let Some(map) = self.map_of(number) else { return };
        match news {
            News::Part { pixels, numbers } => {
                map.sheet.put(&pixels, &numbers);
                told.push(Told::Progress);
                let is_coarse = map.coarse > 0 && map.coarse <= pixels.len();
                map.coarse = map.coarse.saturating_sub(pixels.len());
                if is_shown && is_coarse {
                    // The first picture comes at once.
                    self.paint(told);
                    browser::mark("atlas: coarse");
                } else if is_shown {
                    self.is_paint_due = true;
                }
            }
            News::Done(rates) => {
                map.is_open = false;
                told.push(Told::Progress);
                if is_shown {
                    self.rates = Some(rates);
                    self.paint(told);
                    browser::mark("atlas: done");
                } else if self.picture.iter().all(|map| !map.is_open) {
                    told.push(Told::Pictured(Ok(())));
                }
            }
            News::Failed(failure) if map.is_on_card => {
                told.push(Told::CardLeft(failure.why, failure.is_lost));
                self.hand_out(number, false, told);
            }
            News::Failed(failure) => {
                map.is_open = false;
                told.push(Told::Progress);
                if is_shown {
                    told.push(Told::Complaint(failure.why));
                } else {
                    self.call_off_picture();
                    told.push(Told::Pictured(Err(failure.why)));
                }
            }
        }
    }
}
