//! Where a component keeps the errand that it waits for.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use yew::{Callback, platform::spawn_local};

use super::{Errand, Reply, Request};

/// Room for one errand at a time. Clones are the same desk; with the last of them the errand is
/// called off.
#[derive(Clone, Default)]
pub struct Desk(Rc<Inner>);

#[derive(Default)]
struct Inner {
    errand: RefCell<Option<Errand>>,
    /// Counts the errands.
    sent: Cell<u64>,
}

impl Desk {
    /// Calls off the errand under way and sends another one; `hear` is told of each reply. That no
    /// worker could be started is one, too.
    pub fn send(&self, request: &Request, hear: impl Fn(Reply) + 'static) {
        self.call_off();
        let number = self.0.sent.get() + 1;
        self.0.sent.set(number);
        let desk = Rc::downgrade(&self.0);
        let heard = Callback::from(move |reply: Reply| {
            let is_last = !matches!(reply, Reply::Piece { .. });
            hear(reply);
            if let Some(desk) = desk.upgrade().filter(|_| is_last) {
                // Not from within the errand itself.
                spawn_local(async move {
                    if desk.sent.get() == number {
                        desk.errand.take();
                    }
                });
            }
        });
        match Errand::send(request, heard.clone()) {
            Ok(errand) => *self.0.errand.borrow_mut() = Some(errand),
            Err(why) => heard.emit(Reply::Failed(why)),
        }
    }

    /// Calls off the errand under way; whether there was one.
    pub fn call_off(&self) -> bool {
        self.0.errand.take().is_some()
    }
}
