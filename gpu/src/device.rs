//! The graphics card.

use std::sync::{Arc, Mutex, PoisonError};

use flatland_atlas::Way;
use flatland_atlas::{Measure, Plan};

use crate::GpuError;
use crate::kernel::{Kernel, Pipelines};
use crate::shader::Shader;
use crate::signal::Health;

/// Compiled shaders that are kept: those of the maps someone goes to and fro between.
const KEPT: usize = 8;

/// What a graphics card is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adapter {
    /// Its name; browsers may tell its maker alone, or nothing.
    pub name: String,

    /// Vulkan, Metal, DX12 or WebGPU.
    pub backend: String,

    /// Whether a processor plays it.
    pub is_software: bool,
}

impl std::fmt::Display for Adapter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { name, backend, is_software } = self;
        write!(f, "{name} ({backend}{})", if *is_software { ", in software" } else { "" })
    }
}

/// A graphics card that is ready to compute. Dropping it and its kernels frees all that was had of
/// it.
pub struct Gpu {
    adapter: Adapter,
    device: wgpu::Device,
    queue: wgpu::Queue,
    health: Health,
    kept: Mutex<Vec<(Shader, Arc<Pipelines>)>>,
}

impl std::fmt::Debug for Gpu {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gpu").field("adapter", &self.adapter).finish_non_exhaustive()
    }
}

impl Gpu {
    /// Opens the fastest graphics card.
    ///
    /// # Errors
    ///
    /// If there is none, or it cannot be used.
    pub async fn open() -> Result<Self, GpuError> {
        let mut descriptor = wgpu::InstanceDescriptor::new_without_display_handle();
        descriptor.flags = wgpu::InstanceFlags::empty();
        let instance = wgpu::Instance::new(descriptor);
        let options = wgpu::RequestAdapterOptions {
            power_preference: wgpu::PowerPreference::HighPerformance,
            ..Default::default()
        };
        let found = instance.request_adapter(&options).await;
        let card = found.map_err(|error| GpuError::NoAdapter(error.to_string()))?;
        let adapter = described(&card.get_info());
        // What all cards have, but for as large buffers as this one allows.
        let most = card.limits();
        let limits = wgpu::Limits {
            max_buffer_size: most.max_buffer_size,
            max_storage_buffer_binding_size: most.max_storage_buffer_binding_size,
            ..wgpu::Limits::downlevel_defaults()
        };
        let descriptor = wgpu::DeviceDescriptor {
            label: Some("Atlas"),
            required_limits: limits,
            memory_hints: wgpu::MemoryHints::MemoryUsage,
            ..Default::default()
        };
        let opened = card.request_device(&descriptor).await;
        let (device, queue) =
            opened.map_err(|error| GpuError::NoDevice { adapter: adapter.name.clone(), reason: error.to_string() })?;
        let health = Health::default();
        let (lost, refused) = (health.clone(), health.clone());
        device.set_device_lost_callback(move |reason, message| {
            let message = if message.is_empty() { format!("{reason:?}") } else { message };
            lost.report(GpuError::Lost(message));
        });
        device.on_uncaptured_error(Arc::new(move |error| refused.report(GpuError::refused(error, 0))));
        Ok(Self { adapter, device, queue, health, kept: Mutex::default() })
    }

    /// What it is called.
    #[must_use]
    pub fn adapter(&self) -> &Adapter {
        &self.adapter
    }

    /// Compiles the shader of a plan, or finds it compiled. Maps that differ in numbers of the
    /// start, of the policy, of the stopping rules or of the axes' ranges alone share a shader.
    ///
    /// # Errors
    ///
    /// If the plan is the engine's, the driver refuses the shader, or the device is lost.
    pub async fn prepare(&self, plan: &Plan) -> Result<Kernel, GpuError> {
        let closed = match &plan.way {
            Way::Closed(closed) => closed,
            Way::Engine(reason) => return Err(GpuError::EngineOnly(reason.clone())),
        };
        self.health.forgive();
        self.health.check()?;
        // Minimizers and sharpness are read off last iterates: their shader is one.
        let measure = if plan.map.measure == Measure::Minimizer { Measure::Sharpness } else { plan.map.measure };
        let shader = Shader::new(closed, measure);
        let known = self.kept().iter().find(|(kept, _)| *kept == shader).map(|(_, pipelines)| Arc::clone(pipelines));
        let pipelines = match known {
            Some(pipelines) => pipelines,
            None => {
                let pipelines = Arc::new(Pipelines::new(&self.device, &shader).await?);
                let mut kept = self.kept();
                if kept.len() == KEPT {
                    kept.remove(0);
                }
                kept.push((shader.clone(), Arc::clone(&pipelines)));
                pipelines
            }
        };
        Ok(Kernel::new(
            (self.device.clone(), self.queue.clone(), self.health.clone()),
            pipelines,
            plan.clone(),
            (**closed).clone(),
            shader,
        ))
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Vec<(Shader, Arc<Pipelines>)>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Gpu {
    fn drop(&mut self) {
        self.kept().clear();
    }
}

fn described(info: &wgpu::AdapterInfo) -> Adapter {
    let backend = match info.backend {
        wgpu::Backend::BrowserWebGpu => "WebGPU".to_owned(),
        wgpu::Backend::Dx12 => "DX12".to_owned(),
        other => format!("{other:?}"),
    };
    let is_told = !info.name.trim().is_empty();
    let name = if is_told { info.name.trim().to_owned() } else { "an unnamed card".to_owned() };
    let software = ["swiftshader", "llvmpipe", "lavapipe", "basic render"];
    let words = format!("{} {} {}", info.name, info.driver, info.driver_info).to_lowercase();
    let is_software = info.device_type == wgpu::DeviceType::Cpu || software.iter().any(|name| words.contains(name));
    Adapter { name, backend, is_software }
}
