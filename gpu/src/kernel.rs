//! Computing pixels, in portions.

use std::sync::Arc;

use flatland_atlas::Closed;
use flatland_atlas::{Fate, MAX_DIMENSION, Measure, Pixel, Plan, later_steps, single};

use crate::GpuError;
use crate::pace::{Clock, Pace};
use crate::shader::{GROUP, HEAD, SINGULAR, Shader, TAIL};
use crate::signal::{Health, Signal};

/// Time-out of one portion in seconds. It normally takes 0.04, but a driver in software compiles a
/// shader at its first use, which takes tens of seconds on a busy machine.
const PATIENCE: u32 = 90;

/// The most bytes for the state of the pixels that are computed at a time.
const STATE_BYTES: u64 = 64 << 20;

/// The most pixels at a time: enough for every card's threads.
const PIXELS: u64 = 1 << 20;

/// Bytes of the numbers that all pixels share.
const NUMBERS: usize = 96;

/// A limit of the loss, far enough below the largest number for sums to stay finite.
const LARGEST: f64 = 1e38;

/// The compiled entry points of a shader.
pub struct Pipelines {
    layout: wgpu::BindGroupLayout,
    advance: wgpu::ComputePipeline,
    finish: wgpu::ComputePipeline,
    scout: Option<wgpu::ComputePipeline>,
}

impl Pipelines {
    pub async fn new(device: &wgpu::Device, shader: &Shader) -> Result<Self, GpuError> {
        let scope = device.push_error_scope(wgpu::ErrorFilter::Validation);
        let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some("map"),
            source: wgpu::ShaderSource::Wgsl(shader.text.as_str().into()),
        });
        let entry = |binding, ty| wgpu::BindGroupLayoutEntry {
            binding,
            visibility: wgpu::ShaderStages::COMPUTE,
            ty: wgpu::BindingType::Buffer { ty, has_dynamic_offset: false, min_binding_size: None },
            count: None,
        };
        let layout = device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: None,
            entries: &[
                entry(0, wgpu::BufferBindingType::Uniform),
                entry(1, wgpu::BufferBindingType::Storage { read_only: true }),
                entry(2, wgpu::BufferBindingType::Storage { read_only: false }),
            ],
        });
        let whole = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: None,
            bind_group_layouts: &[Some(&layout)],
            immediate_size: 0,
        });
        let pipeline = |name| {
            device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
                label: Some(name),
                layout: Some(&whole),
                module: &module,
                entry_point: Some(name),
                compilation_options: wgpu::PipelineCompilationOptions {
                    zero_initialize_workgroup_memory: false,
                    ..Default::default()
                },
                cache: None,
            })
        };
        let (advance, finish) = (pipeline("advance"), pipeline("finish"));
        let scout = shader.scouts.then(|| pipeline("scout"));
        match scope.pop().await {
            Some(error) => Err(GpuError::refused(error, 0)),
            None => Ok(Self { layout, advance, finish, scout }),
        }
    }
}

/// A map that is ready to be computed on a graphics card.
pub struct Kernel {
    device: wgpu::Device,
    queue: wgpu::Queue,
    health: Health,
    pipelines: Arc<Pipelines>,
    plan: Plan,
    closed: Closed,
    shader: Shader,
    paces: std::sync::Mutex<[Pace; 3]>,
}

impl std::fmt::Debug for Kernel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Kernel").field("words", &self.shader.words).finish_non_exhaustive()
    }
}

/// What is bound for some pixels.
struct Bound {
    numbers: wgpu::Buffer,
    points: wgpu::Buffer,
    state: wgpu::Buffer,
    group: wgpu::BindGroup,
    count: u32,
}

/// A portion: pixels `offset..end`, steps `first..last`.
#[derive(Clone, Copy)]
struct Portion {
    offset: u32,
    end: u32,
    first: u32,
    last: u32,
}

/// The entry points, in their order.
#[derive(Clone, Copy)]
enum Stage {
    Advance,
    Finish,
    Scout,
}

impl Kernel {
    pub(crate) fn new(
        (device, queue, health): (wgpu::Device, wgpu::Queue, Health),
        pipelines: Arc<Pipelines>,
        plan: Plan,
        closed: Closed,
        shader: Shader,
    ) -> Self {
        Self { device, queue, health, pipelines, plan, closed, shader, paces: Default::default() }
    }

    /// The WGSL text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.shader.text
    }

    /// The pixels at these points (x, y) of the plan, in their order, any number of them. Between
    /// portions of some hundredths of a second it waits: dropping the future ends the work there.
    ///
    /// λ₁ of [`Measure::Sharpness`] and the least eigenvalue of [`Measure::Minimizer`] are computed
    /// at the end in double precision.
    ///
    /// # Errors
    ///
    /// If the device is lost, out of memory, or does not answer.
    pub async fn run(&self, points: &[(f64, f64)]) -> Result<Vec<Pixel>, GpuError> {
        self.health.forgive();
        self.health.check()?;
        let room = self.room();
        let mut pixels = Vec::with_capacity(points.len());
        for points in points.chunks(room.max(1)) {
            pixels.extend(self.run_some(points).await?);
        }
        single::add_missing(&self.plan.map, points, &mut pixels);
        Ok(pixels)
    }

    /// How many pixels are computed at a time.
    fn room(&self) -> usize {
        let limits = self.device.limits();
        let most = STATE_BYTES.min(limits.max_storage_buffer_binding_size).min(limits.max_buffer_size);
        (most / (4 * self.shader.words as u64)).min(PIXELS).min(u64::from(GROUP) * 65_535) as usize
    }

    async fn run_some(&self, points: &[(f64, f64)]) -> Result<Vec<Pixel>, GpuError> {
        let steps = self.closed.steps as u32;
        let bound = self.bind(points).await?;
        let tail = steps.saturating_sub(TAIL);
        let mut step = 0;
        while step < tail {
            step = self.advance(&bound, step, tail).await?;
        }
        self.sweep(&bound, Stage::Finish, tail, steps, steps - tail + 1).await?;
        if self.pipelines.scout.is_some() {
            let later = later_steps(self.closed.steps) as u32;
            self.sweep(&bound, Stage::Scout, steps, steps + later, later).await?;
        }
        self.read(&bound, points).await
    }

    /// Takes steps of all pixels from `step` on, and returns up to where.
    async fn advance(&self, bound: &Bound, step: u32, tail: u32) -> Result<u32, GpuError> {
        let span = (self.pace(Stage::Advance).portion() / u64::from(bound.count)).min(u64::from(tail - step)) as u32;
        if span > 0 {
            let portion = Portion { offset: 0, end: bound.count, first: step, last: step + span };
            self.hand_over(bound, Stage::Advance, portion).await?;
            return Ok(step + span);
        }
        // Not even a step of all pixels fits.
        self.sweep(bound, Stage::Advance, step, step + 1, 1).await?;
        Ok(step + 1)
    }

    /// The same steps of all pixels, some pixels after the other.
    async fn sweep(&self, bound: &Bound, stage: Stage, first: u32, last: u32, span: u32) -> Result<(), GpuError> {
        let mut offset = 0;
        while offset < bound.count {
            let fit = self.pace(stage).portion() / u64::from(span);
            let fit = fit.clamp(u64::from(GROUP), u64::from(bound.count - offset).max(u64::from(GROUP))) as u32;
            let end = bound.count.min(offset + fit);
            self.hand_over(bound, stage, Portion { offset, end, first, last }).await?;
            offset = end;
        }
        Ok(())
    }

    fn pace(&self, stage: Stage) -> Pace {
        self.paces.lock().unwrap_or_else(std::sync::PoisonError::into_inner)[stage as usize]
    }

    /// Has a portion computed, and learns how long it takes.
    async fn hand_over(&self, bound: &Bound, stage: Stage, portion: Portion) -> Result<(), GpuError> {
        let pipeline = match stage {
            Stage::Advance => &self.pipelines.advance,
            Stage::Finish => &self.pipelines.finish,
            Stage::Scout => match &self.pipelines.scout {
                Some(scout) => scout,
                None => return Ok(()),
            },
        };
        let clock = Clock::start();
        self.queue.write_buffer(&bound.numbers, 0, &self.numbers(bound.count, portion));
        let mut encoder = self.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        {
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
            pass.set_pipeline(pipeline);
            pass.set_bind_group(0, &bound.group, &[]);
            pass.dispatch_workgroups((portion.end - portion.offset).div_ceil(GROUP), 1, 1);
        }
        let signal = Signal::default();
        let done = signal.clone();
        let submission = self.queue.submit([encoder.finish()]);
        self.queue.on_submitted_work_done(move || done.give(Ok(())));
        self.wait(signal, submission).await?;
        let work = u64::from(portion.end - portion.offset) * u64::from(portion.last - portion.first).max(1);
        let mut paces = self.paces.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        paces[stage as usize].learn(work, clock.elapsed());
        Ok(())
    }

    /// Waits for a signal that comes with a submission.
    async fn wait(&self, signal: Signal, submission: wgpu::SubmissionIndex) -> Result<(), GpuError> {
        #[cfg(target_arch = "wasm32")]
        {
            // Browsers tell of the queue, not of a submission.
            let _ = submission;
            crate::signal::give_up_after(PATIENCE, &signal);
        }
        #[cfg(not(target_arch = "wasm32"))]
        {
            let timeout = Some(std::time::Duration::from_secs(u64::from(PATIENCE)));
            let poll = self.device.poll(wgpu::PollType::Wait { submission_index: Some(submission), timeout });
            if let Err(error) = poll {
                signal.give(Err(match error {
                    wgpu::PollError::Timeout => GpuError::TimedOut { seconds: PATIENCE },
                    other => GpuError::Refused(other.to_string()),
                }));
            }
        }
        signal.wait(&self.health).await
    }

    /// The numbers that all pixels share, as the shader's `Numbers` lays them out.
    fn numbers(&self, count: u32, portion: Portion) -> [u8; NUMBERS] {
        let Portion { offset, end, first, last } = portion;
        let stop = self.closed.stop;
        let mut words = [0_u32; NUMBERS / 4];
        let heads = [count, first, last, self.closed.steps as u32, offset, end, f32::NAN.to_bits()];
        words[..heads.len()].copy_from_slice(&heads);
        let narrow = |value: f64| (value.clamp(-f64::from(f32::MAX), f64::from(f32::MAX)) as f32).to_bits();
        words[8] = narrow(stop.gradient_norm);
        words[9] = narrow(stop.loss.min(LARGEST));
        for (word, value) in words[12..16].iter_mut().zip(&self.closed.start) {
            *word = narrow(*value);
        }
        for (word, value) in words[16..].iter_mut().zip(&self.closed.rule.values) {
            *word = narrow(*value);
        }
        let mut bytes = [0; NUMBERS];
        for (place, word) in bytes.chunks_exact_mut(4).zip(words) {
            place.copy_from_slice(&word.to_le_bytes());
        }
        bytes
    }

    /// Buffers for some pixels.
    async fn bind(&self, points: &[(f64, f64)]) -> Result<Bound, GpuError> {
        let count = points.len() as u32;
        let state_bytes = 4 * self.shader.words as u64 * u64::from(count);
        let scope = self.device.push_error_scope(wgpu::ErrorFilter::OutOfMemory);
        let buffer = |size, usage| {
            self.device.create_buffer(&wgpu::BufferDescriptor { label: None, size, usage, mapped_at_creation: false })
        };
        let numbers = buffer(NUMBERS as u64, wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST);
        let places = buffer(8 * u64::from(count), wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_DST);
        let state = buffer(state_bytes, wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_SRC);
        if let Some(error) = scope.pop().await {
            return Err(GpuError::refused(error, state_bytes + 8 * u64::from(count)));
        }
        let bytes: Vec<u8> =
            points.iter().flat_map(|(x, y)| [*x as f32, *y as f32]).flat_map(f32::to_le_bytes).collect();
        self.queue.write_buffer(&places, 0, &bytes);
        let group = self.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: None,
            layout: &self.pipelines.layout,
            entries: &[
                wgpu::BindGroupEntry { binding: 0, resource: numbers.as_entire_binding() },
                wgpu::BindGroupEntry { binding: 1, resource: places.as_entire_binding() },
                wgpu::BindGroupEntry { binding: 2, resource: state.as_entire_binding() },
            ],
        });
        Ok(Bound { numbers, points: places, state, group, count })
    }

    /// Reads the first words of all pixels back, which are at these points; what the shader leaves
    /// to the engine is computed by it.
    async fn read(&self, bound: &Bound, points: &[(f64, f64)]) -> Result<Vec<Pixel>, GpuError> {
        let n = self.closed.programs.dimension;
        let count = bound.count as usize;
        let bytes = 4 * (HEAD + n) as u64 * u64::from(bound.count);
        let scope = self.device.push_error_scope(wgpu::ErrorFilter::OutOfMemory);
        let usage = wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST;
        let buffer = self.device.create_buffer(&wgpu::BufferDescriptor {
            label: None,
            size: bytes,
            usage,
            mapped_at_creation: false,
        });
        if let Some(error) = scope.pop().await {
            return Err(GpuError::refused(error, bytes));
        }
        let mut encoder = self.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        encoder.copy_buffer_to_buffer(&bound.state, 0, &buffer, 0, bytes);
        let submission = self.queue.submit([encoder.finish()]);
        let signal = Signal::default();
        let done = signal.clone();
        buffer.map_async(wgpu::MapMode::Read, .., move |result| {
            done.give(result.map_err(|error| GpuError::Refused(error.to_string())));
        });
        self.wait(signal, submission).await?;
        let view = buffer.get_mapped_range(..).map_err(|error| GpuError::Refused(error.to_string()))?;
        let words: Vec<u32> =
            view.chunks_exact(4).map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]])).collect();
        drop(view);
        buffer.unmap();
        let number = |word: usize, pixel: usize| f64::from(f32::from_bits(words[word * count + pixel]));
        Ok((0..count)
            .map(|pixel| {
                if words[pixel] == SINGULAR {
                    let (x, y) = points[pixel];
                    return single::pixel(&self.plan.map, x, y);
                }
                let fate = Fate::from_code(words[pixel] as u8, u64::from(words[count + pixel]));
                let mut read = Pixel::of(fate.unwrap_or(Fate::Undefined));
                for i in 0..n.min(MAX_DIMENSION) {
                    read.last[i] = number(HEAD + i, pixel);
                }
                match self.plan.map.measure {
                    Measure::Share => read.share = number(2, pixel),
                    Measure::Lyapunov => read.lyapunov = number(2, pixel),
                    _ => {}
                }
                read
            })
            .collect())
    }
}

impl Drop for Bound {
    fn drop(&mut self) {
        // At once, rather than when a collector comes by.
        self.state.destroy();
        self.points.destroy();
        self.numbers.destroy();
    }
}
