//! Objects that the page's painters take for canvases, so that no chart needs a second painter:
//! what is drawn on them becomes SVG.
//!
//! The prototype of a context here is that of a real one. Its methods are closures over a
//! [`Recorder`], its state are plain properties, and what it does not know is found at the real
//! prototype, which throws: nothing is left out silently.

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use js_sys::{Array, Function, JsString, Object, Proxy, Reflect};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::{
    picture::pen_of,
    svg::{Ink, Recorder},
};
use crate::{
    chart::canvas,
    rooms::properties::{get, set},
};

/// The trap of a proxy that is called: its target, `this`, and all arguments.
type Apply = dyn FnMut(JsValue, JsValue, Array) -> Result<JsValue, JsValue>;
/// What a method does with its arguments.
type Method = fn(&Recording, &Arguments) -> Result<JsValue, JsValue>;

/// Canvases of one document.
pub struct Pad {
    shared: Rc<Shared>,
    /// What is called as long as anything is drawn.
    closures: RefCell<Vec<Closure<Apply>>>,
}

/// What the canvases of a document have in common.
struct Shared {
    /// Each canvas with its recording.
    recordings: RefCell<Vec<(Object, Rc<Recording>)>>,
    /// Clips so far: their names must differ.
    clips: Cell<usize>,
    /// Knows how wide texts are.
    pen: CanvasRenderingContext2d,
}

/// What is drawn on one canvas.
struct Recording {
    context: Object,
    recorder: RefCell<Recorder>,
    shared: Weak<Shared>,
}

impl Pad {
    /// A document without canvases.
    ///
    /// # Errors
    ///
    /// What the browser says if it has no real canvas.
    pub fn new() -> Result<Self, JsValue> {
        let pen = pen_of(&canvas::detached(1.0, 1.0)?)?;
        let shared = Rc::new(Shared { recordings: RefCell::default(), clips: Cell::new(0), pen });
        Ok(Self { shared, closures: RefCell::default() })
    }

    /// Something that painters take for a canvas of so many pixels.
    pub fn canvas(&self, width: f64, height: f64) -> Result<HtmlCanvasElement, JsValue> {
        let (canvas, context) = (Object::new(), Object::new());
        for (name, length) in [("width", width), ("height", height), ("clientWidth", width), ("clientHeight", height)] {
            set(&canvas, name, &length.into());
        }
        let recording = Rc::new(Recording {
            context: context.clone(),
            recorder: RefCell::default(),
            shared: Rc::downgrade(&self.shared),
        });
        recording.take(&Ink::default());
        set(&context, "canvas", &canvas);
        for (name, method) in METHODS {
            let on = recording.clone();
            let call = move |_, _, all| method(&on, &Arguments(all));
            set(&context, name, &self.function(Closure::new(call)));
        }
        let itself: JsValue = context.clone().into();
        set(&canvas, "getContext", &self.function(Closure::new(move |_, _, _| Ok(itself.clone()))));
        // After its properties, which would else run into the setters of the prototype.
        let prototype = Object::get_prototype_of(&self.shared.pen);
        Reflect::set_prototype_of(&context, &prototype)?;
        self.shared.recordings.borrow_mut().push((canvas.clone(), recording));
        Ok(canvas.unchecked_into())
    }

    /// A function of any number of arguments.
    fn function(&self, closure: Closure<Apply>) -> JsValue {
        let target = closure.as_ref().unchecked_ref::<Function>();
        let handler = Object::new();
        set(&handler, "apply", target);
        let function = Proxy::new(target, &handler).into();
        self.closures.borrow_mut().push(closure);
        function
    }

    /// What was drawn on a canvas, as a document.
    pub fn document(&self, canvas: &HtmlCanvasElement, size: (f64, f64), title: &str, description: &str) -> String {
        let recording = self.shared.recording_of(canvas);
        recording.map_or_else(String::new, |recording| {
            recording.recorder.borrow().document(pixels(canvas), size, title, description)
        })
    }
}

impl Shared {
    fn recording_of(&self, canvas: &JsValue) -> Option<Rc<Recording>> {
        let recordings = self.recordings.borrow();
        recordings.iter().find(|(known, _)| **known == *canvas).map(|(_, recording)| recording.clone())
    }
}

impl Recording {
    fn shared(&self) -> Result<Rc<Shared>, JsValue> {
        self.shared.upgrade().ok_or_else(|| "the drawing is over".into())
    }

    /// The properties that painters have set.
    fn ink(&self) -> Ink {
        let text = |name: &str| get(&self.context, name).as_string().unwrap_or_default();
        let number = |name: &str| get(&self.context, name).as_f64().unwrap_or_default();
        Ink {
            fill: text("fillStyle"),
            stroke: text("strokeStyle"),
            line_width: number("lineWidth"),
            line_join: text("lineJoin"),
            line_cap: text("lineCap"),
            font: text("font"),
            align: text("textAlign"),
            baseline: text("textBaseline"),
            alpha: number("globalAlpha"),
        }
    }

    /// Sets all properties.
    fn take(&self, ink: &Ink) {
        let texts = [
            ("fillStyle", &ink.fill),
            ("strokeStyle", &ink.stroke),
            ("lineJoin", &ink.line_join),
            ("lineCap", &ink.line_cap),
            ("font", &ink.font),
            ("textAlign", &ink.align),
            ("textBaseline", &ink.baseline),
        ];
        for (name, text) in texts {
            set(&self.context, name, &text.into());
        }
        for (name, value) in [("lineWidth", ink.line_width), ("globalAlpha", ink.alpha)] {
            set(&self.context, name, &value.into());
        }
    }

    fn draw(&self, draw: impl FnOnce(&mut Recorder)) -> Result<JsValue, JsValue> {
        draw(&mut self.recorder.borrow_mut());
        Ok(JsValue::UNDEFINED)
    }

    /// Another recording becomes a part of this one; pixels, all or a part of them, become a PNG.
    fn draw_image(&self, all: &Arguments) -> Result<JsValue, JsValue> {
        let image: HtmlCanvasElement = all.0.get(0).unchecked_into();
        let count = all.0.length();
        let place = all.numbers(count.saturating_sub(4));
        let size = pixels(&image);
        if let Some(other) = self.shared()?.recording_of(&image) {
            return self.draw(|on| on.draw_recording(&other.recorder.borrow(), size, place));
        }
        let source = if count > 5 { all.numbers(1) } else { [0.0, 0.0, size.0, size.1] };
        let address = image.to_data_url_with_type("image/png")?;
        let ink = self.ink();
        self.draw(|on| on.draw_pixels(&address, size, source, place, &ink))
    }
}

/// What a method was called with.
struct Arguments(Array);

impl Arguments {
    /// So many numbers from a place on.
    fn numbers<const N: usize>(&self, from: u32) -> [f64; N] {
        std::array::from_fn(|i| self.0.get(from + i as u32).as_f64().unwrap_or(f64::NAN))
    }

    fn text(&self) -> String {
        self.0.get(0).unchecked_into::<JsString>().into()
    }

    /// Where a text stands.
    fn place(&self) -> (f64, f64) {
        let [x, y] = self.numbers(1);
        (x, y)
    }
}

/// The methods that painters call.
const METHODS: [(&str, Method); 25] = [
    ("save", |on, _| {
        let ink = on.ink();
        on.draw(|to| to.save(ink))
    }),
    ("restore", |on, _| {
        let ink = on.recorder.borrow_mut().restore();
        ink.iter().for_each(|ink| on.take(ink));
        Ok(JsValue::UNDEFINED)
    }),
    ("clip", |on, _| {
        let shared = on.shared()?;
        shared.clips.set(shared.clips.get() + 1);
        on.draw(|to| to.clip(shared.clips.get(), &on.ink()))
    }),
    ("setTransform", |on, all| on.draw(|to| to.set_transform(all.numbers(0)))),
    ("resetTransform", |on, _| on.draw(Recorder::reset_transform)),
    ("transform", |on, all| on.draw(|to| to.transform(all.numbers(0)))),
    ("translate", |on, all| {
        let [x, y] = all.numbers(0);
        on.draw(|to| to.transform([1.0, 0.0, 0.0, 1.0, x, y]))
    }),
    ("scale", |on, all| {
        let [x, y] = all.numbers(0);
        on.draw(|to| to.transform([x, 0.0, 0.0, y, 0.0, 0.0]))
    }),
    ("rotate", |on, all| {
        let [angle] = all.numbers(0);
        let (sine, cosine) = libm::sincos(angle);
        on.draw(|to| to.transform([cosine, sine, -sine, cosine, 0.0, 0.0]))
    }),
    ("setLineDash", |on, all| {
        let lengths: Array = all.0.get(0).unchecked_into();
        on.draw(|to| to.set_dash(lengths.iter().filter_map(|length| length.as_f64()).collect()))
    }),
    ("beginPath", |on, _| on.draw(Recorder::begin_path)),
    ("moveTo", |on, all| {
        let [x, y] = all.numbers(0);
        on.draw(|to| to.move_to(x, y))
    }),
    ("lineTo", |on, all| {
        let [x, y] = all.numbers(0);
        on.draw(|to| to.line_to(x, y))
    }),
    ("closePath", |on, _| on.draw(Recorder::close_path)),
    ("rect", |on, all| on.draw(|to| to.rect(all.numbers(0)))),
    ("arc", |on, all| {
        let [x, y, radius, from, to] = all.numbers(0);
        on.draw(|on| on.arc((x, y), radius, from, to))
    }),
    ("fill", |on, _| on.draw(|to| to.fill(&on.ink()))),
    ("stroke", |on, _| on.draw(|to| to.stroke(&on.ink()))),
    ("fillRect", |on, all| on.draw(|to| to.fill_rect(all.numbers(0), &on.ink()))),
    ("strokeRect", |on, all| on.draw(|to| to.stroke_rect(all.numbers(0), &on.ink()))),
    // Only ever used to begin with an empty canvas, which this one is.
    ("clearRect", |_, _| Ok(JsValue::UNDEFINED)),
    ("fillText", |on, all| on.draw(|to| to.fill_text(&all.text(), all.place(), &on.ink()))),
    ("strokeText", |on, all| on.draw(|to| to.stroke_text(&all.text(), all.place(), &on.ink()))),
    ("measureText", |on, all| {
        let shared = on.shared()?;
        shared.pen.set_font(&on.ink().font);
        Ok(shared.pen.measure_text(&all.text())?.into())
    }),
    ("drawImage", |on, all| on.draw_image(all)),
];

/// A canvas's size as it was made, which need not be whole.
fn pixels(canvas: &JsValue) -> (f64, f64) {
    let length = |name: &str| get(canvas, name).as_f64().unwrap_or_default();
    (length("width"), length("height"))
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    use super::*;

    wasm_bindgen_test_configure!(run_in_browser);

    #[wasm_bindgen_test]
    fn painters_take_it_for_a_canvas_and_what_they_draw_becomes_svg() {
        let pad = Pad::new().expect("a browser");
        let [whole, part] = [100.5, 40.0].map(|width| pad.canvas(width, 20.0).expect("a canvas"));
        let pen = pen_of(&part).expect("a context");
        pen.set_font("600 12px Inter");
        pen.save();
        pen.set_fill_style_str("rgba(1,2,3,0.5)");
        pen.set_font("9px Inter");
        pen.fill_rect(0.0, 0.0, 4.0, 4.0);
        assert!(pen.measure_text("wide").expect("a width").width() > 9.0);
        pen.restore();
        assert_eq!(pen.font(), "600 12px Inter");
        pen.fill_text("λ₁", 1.0, 2.0).expect("a text");
        let pen = pen_of(&whole).expect("a context");
        pen.draw_image_with_html_canvas_element_and_dw_and_dh(&part, 1.0, 2.0, 40.0, 20.0).expect("a part");
        let pixels = canvas::detached(2.0, 2.0).expect("a canvas");
        pen.draw_image_with_html_canvas_element_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
            &pixels, 0.5, 0.5, 1.0, 1.0, 0.0, 0.0, 8.0, 8.0,
        )
        .expect("pixels");
        let svg = pad.document(&whole, (10.0, 2.0), "title", "description");
        for part in [
            "viewBox=\"0 0 100.5 20\"",
            "<path d=\"M0 0h4v4h-4Z\" fill=\"#010203\" fill-opacity=\"0.5\"/>",
            "font-weight=\"600\" text-anchor=\"start\" fill=\"#000\">λ₁</text>",
            "viewBox=\"0.5 0.5 1 1\"",
            "href=\"data:image/png;base64,",
        ] {
            assert!(svg.contains(part), "{part} is not in {svg}");
        }
    }

    #[wasm_bindgen_test]
    fn what_it_does_not_know_throws() {
        let pad = Pad::new().expect("a browser");
        let canvas = pad.canvas(10.0, 10.0).expect("a canvas");
        let pen = pen_of(&canvas).expect("a context");
        assert!(pen.ellipse(5.0, 5.0, 2.0, 1.0, 0.0, 0.0, 1.0).is_err());
        assert!(pen.get_image_data(0.0, 0.0, 1.0, 1.0).is_err());
    }
}
