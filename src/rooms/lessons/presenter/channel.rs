//! The line between the two windows of a lecture: a channel of the browser's, by the lecture's
//! name. Pages of other lectures have other names, and hear nothing of it.

use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use web_sys::{BroadcastChannel, MessageEvent};

/// See the module's header.
pub struct Channel {
    channel: BroadcastChannel,
    _listener: Closure<dyn FnMut(MessageEvent)>,
}

impl Channel {
    /// Opens the channel of a lecture; `hear` is called with each text of the other window.
    ///
    /// # Errors
    ///
    /// Where the browser has no such channels.
    pub fn open(lecture: &str, hear: impl Fn(&str) + 'static) -> Result<Self, JsValue> {
        let channel = BroadcastChannel::new(&format!("flatland-lecture-{lecture}"))?;
        let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(text) = event.data().as_string() {
                hear(&text);
            }
        });
        channel.set_onmessage(Some(listener.as_ref().unchecked_ref()));
        Ok(Self { channel, _listener: listener })
    }

    /// Sends a text.
    pub fn send(&self, text: &str) {
        // A text can be sent as long as the channel is open, which it is.
        let _ = self.channel.post_message(&text.into());
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.channel.set_onmessage(None);
        self.channel.close();
    }
}
