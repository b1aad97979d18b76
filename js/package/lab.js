// The element <flatland-lab>, for those who bundle. Its attribute `src` says where the Lab is.
import "./flatland-lab.js";

export const FlatlandLab = customElements.get("flatland-lab");
