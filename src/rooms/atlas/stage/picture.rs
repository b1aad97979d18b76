//! The drawings of a picture in the making: those on the screen, computed once more in another size.

use flatland_atlas::{MapError, paint::Range};
use flatland_drawing::{Legend, Sheet};

use super::{Map, Shown, Stage, Told, painted::range_of};

impl Stage {
    /// Has the first so many of the drawings computed once more with so many pixels, for a picture.
    ///
    /// # Errors
    ///
    /// If they are too many.
    pub fn begin_picture(&self, count: usize, size: [usize; 2]) -> Result<(), MapError> {
        self.with(|inner, told| {
            inner.call_off_picture();
            let mut maps = Vec::new();
            for map in inner.maps.iter().take(count) {
                let shown =
                    Shown { order: map.sheet.order().clone(), title: map.title.clone(), labels: map.labels.clone() };
                let mut new = Map::new(&inner.experiment, shown, size)?;
                if map.sheet.size() == (size[0], size[1]) {
                    // What is on the screen need not be computed again.
                    new.sheet = map.sheet.clone();
                }
                maps.push(new);
            }
            inner.picture = maps;
            for index in 0..inner.picture.len() {
                inner.counted += 1;
                let (number, is_on_card) = (inner.counted, inner.suits_card(&inner.picture[index]));
                inner.picture[index].number = number;
                inner.hand_out(number, is_on_card, told);
            }
            if inner.picture.iter().all(|map| !map.is_open) {
                told.push(Told::Pictured(Ok(())));
            }
            Ok(())
        })
    }

    /// Calls the picture off; whether there was one.
    pub fn call_off_picture(&self) -> bool {
        self.with(|inner, _| inner.call_off_picture())
    }

    /// Does something with the drawings of a picture: their sheets, names and labels, and what
    /// their colors mean.
    pub fn with_picture<T>(&self, act: impl FnOnce(&[(&Sheet, &str, &[String; 2])], Range, &Legend) -> T) -> T {
        let inner = self.inner.borrow();
        let maps: Vec<_> = inner.picture.iter().map(|map| (&map.sheet, map.title.as_str(), &map.labels)).collect();
        act(&maps, range_of(&inner.picture), &inner.legend_of(&inner.picture))
    }

    /// How far the drawings of a picture are.
    pub fn picture_share(&self) -> f64 {
        let inner = self.inner.borrow();
        inner.picture.iter().map(|map| map.sheet.share()).sum::<f64>() / inner.picture.len().max(1) as f64
    }
}
