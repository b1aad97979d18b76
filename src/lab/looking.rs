//! The verbs that change how the experiment is looked at, and nothing else.

use super::Lab;
use crate::{
    chart::panels::{Layout, x},
    session::Session,
    view_settings::{Figure, NamedOption as _, Panel, Scale, View, XQuantity},
};

/// The least part of the x axis that can be zoomed into, of all there is.
const LEAST_ZOOM: f64 = 1e-7;

impl Lab {
    /// How the experiment is looked at.
    pub fn view(&self) -> View {
        self.inner.borrow().view.clone()
    }

    /// Reads the session together with the view.
    pub fn look<T>(&self, read: impl FnOnce(&Session, &View) -> T) -> T {
        let inner = self.inner.borrow();
        read(&inner.session, &inner.view)
    }

    /// Changes the view.
    pub fn change_view(&self, change: impl FnOnce(&mut View)) {
        self.change(|inner| {
            change(&mut inner.view);
            inner.view.fit(inner.session.runs().len());
        });
    }

    /// What the x axis counts; shows all of it.
    pub fn set_x_quantity(&self, quantity: XQuantity) {
        self.change_view(|view| {
            view.x_quantity = quantity;
            view.zoom = None;
        });
    }

    /// The next thing that the x axis can count.
    pub fn next_x_quantity(&self) {
        let quantity = self.view().x_quantity.next();
        self.set_x_quantity(quantity);
    }

    /// Shows a part of the x axis in all charts; `None` shows all of it.
    pub fn zoom(&self, part: Option<(f64, f64)>) {
        self.change(|inner| {
            let all = x::axis(&inner.session, &View { zoom: None, ..inner.view.clone() });
            inner.view.zoom =
                part.map(|(from, to)| (from.min(to).max(all.lo), from.max(to).min(all.hi))).filter(|(from, to)| {
                    let share = all.fraction(*to) - all.fraction(*from);
                    share > LEAST_ZOOM && share < 1.0
                });
        });
    }

    /// Zooms by a factor around a place of the axis.
    pub fn zoom_by(&self, factor: f64, place: f64) {
        let axis = self.look(x::axis);
        let around = axis.fraction(place);
        self.zoom(Some((axis.value(around * (1.0 - factor)), axis.value(around + (1.0 - around) * factor))));
    }

    /// The next scale for the chart in a slot.
    pub fn rescale(&self, slot: usize) {
        let next =
            self.look(|session, view| Layout::of(session, view, slot).next(view.scales[slot], view.panels[slot]));
        self.change_view(|view| view.scales[slot] = next);
    }

    /// Another panel in a slot. What the engine must record for it is asked for, and the runs are
    /// computed again up to here.
    pub fn set_panel(&self, slot: usize, panel: Panel) {
        self.change(|inner| {
            inner.view.panels[slot] = panel;
            inner.view.scales[slot] = Scale::Usual;
            inner.ask_columns();
        });
    }

    /// The run that single-run pictures are of.
    pub fn select(&self, index: usize) {
        if self.inner.borrow().view.selected != index {
            self.change_view(|view| view.selected = index);
        }
    }

    /// Pins a step in the charts, or lets it go.
    pub fn pin(&self, step: Option<u64>) {
        self.change_view(|view| view.pinned = step);
    }

    /// Big type, thick lines, no controls; or back.
    pub fn toggle_projector(&self) {
        self.change_view(|view| view.projector = !view.projector);
        self.apply_projector();
    }

    /// A figure takes the whole window; or all of them stand side by side again.
    pub fn toggle_enlarged(&self, figure: Figure) {
        self.change_view(|view| view.enlarged = (view.enlarged != Some(figure)).then_some(figure));
    }

    /// Leaves what a person can be in: a figure alone, the projector, a pinned step, a zoom, one at
    /// a time.
    pub fn leave(&self) {
        let view = self.view();
        if let Some(figure) = view.enlarged {
            self.toggle_enlarged(figure);
        } else if view.projector {
            self.toggle_projector();
        } else if view.pinned.is_some() {
            self.pin(None);
        } else if view.zoom.is_some() {
            self.zoom(None);
        }
    }

    /// Keeps a run as it is, pale, and goes on with a copy of it from the step shown: what is
    /// changed now changes the copy alone.
    pub fn fork(&self, index: usize) {
        let step = self.read(Session::step);
        let result = self.change(|inner| {
            let ghost = inner.session.fork(index)?;
            inner.view.ghosts.push(ghost);
            Ok::<(), flatland_engine::FieldError>(())
        });
        match result {
            Ok(()) => {
                self.say(format!("Forked at step {step}: the run so far stays as a ghost; change the other one."));
            }
            Err(error) => self.say_error(format!("This run cannot be forked: {error}.")),
        }
    }
}
