//! What a pointer or the keyboard's cursor points at in a drawing.

use flatland_atlas::MapError;
use flatland_drawing::Reading;
use flatland_engine::Experiment;

use super::{Stage, Told};

impl Stage {
    /// A drawing's own pixels to a CSS pixel, across and down.
    pub fn fineness(&self, index: usize) -> [f64; 2] {
        let inner = self.inner.borrow();
        inner.maps.get(index).map_or([1.0; 2], |map| {
            let (columns, rows) = map.sheet.size();
            [columns as f64 / map.frame.width.max(1.0), rows as f64 / map.frame.height.max(1.0)]
        })
    }

    /// Where a place on a drawing's canvas is, in CSS pixels, as shares of the drawing's sides;
    /// None beside it.
    pub fn share(&self, index: usize, place: [f64; 2]) -> Option<[f64; 2]> {
        self.inner.borrow().maps.get(index)?.frame.share(place)
    }

    /// Tells what lies at a point.
    pub fn read(&self, index: usize, at: Option<[f64; 2]>) {
        self.with(|inner, told| {
            let read = |at| inner.maps.get(index)?.sheet.read(at);
            told.push(Told::Read(index, at.and_then(read).map(Box::new)));
        });
    }

    /// What lies at a point.
    pub fn reading(&self, index: usize, at: [f64; 2]) -> Option<Reading> {
        self.inner.borrow().maps.get(index)?.sheet.read(at)
    }

    /// The experiment of the run at a point.
    ///
    /// # Errors
    ///
    /// If the point is beyond the axes and not valid.
    pub fn experiment_at(&self, index: usize, at: [f64; 2]) -> Result<Option<Experiment>, MapError> {
        let inner = self.inner.borrow();
        inner.maps.get(index).map(|map| map.sheet.experiment_at(at)).transpose()
    }

    /// The cursor of a drawing: in its middle, until it is moved.
    pub fn cursor(&self, index: usize) -> [f64; 2] {
        self.inner.borrow().maps.get(index).and_then(|map| map.cursor).unwrap_or([0.5; 2])
    }

    /// Moves a drawing's cursor by so many pixels, and tells what lies there.
    pub fn move_cursor(&self, index: usize, right: f64, down: f64) {
        let at = self.cursor(index);
        let Some((columns, rows)) = self.size(index) else { return };
        let moved = |at: f64, by: f64, count: usize| (at + by / count as f64).clamp(0.0, 1.0 - 0.5 / count as f64);
        let at = [moved(at[0], right, columns), moved(at[1], down, rows)];
        self.set_cursor(index, Some(at));
        self.read(index, Some(at));
    }

    /// Shows a drawing's cursor at a point, or hides it.
    pub fn set_cursor(&self, index: usize, at: Option<[f64; 2]>) {
        self.with(|inner, told| {
            if let Some(map) = inner.maps.get_mut(index).filter(|map| map.cursor != at) {
                map.cursor = at;
                inner.paint(told);
            }
        });
    }
}
