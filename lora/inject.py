"""Put adapters into a model and take them out again; what is trainable; the adapters' own state dict."""

from collections.abc import Callable, Iterator

from torch import Tensor, nn

from lora.config import FUSED_TARGETS, LoRAConfig, LoRAError
from lora.linear import LoRAAdapter, LoRALinear

Blocks = dict[str, tuple[int, int]]  # target name -> its rows (start, stop) of a layer's weight


def lora_layers(model: nn.Module) -> Iterator[tuple[str, LoRALinear]]:
    """(path, layer) for every adapted layer, in the model's order."""
    for path, module in model.named_modules():
        if isinstance(module, LoRALinear):
            yield path, module


def inject(model: nn.Module, config: LoRAConfig) -> list[str]:
    """Freeze `model` and put an adapter on each of its target projections.

    Returns the paths of the adapted layers. Raises LoRAError if a target is not in the model or the model has
    adapters already; then nothing has been changed.
    """
    _refuse_adapted(model)
    plan: dict[str, Blocks] = {}
    matched: set[str] = set()
    linears = {path: module for path, module in model.named_modules() if isinstance(module, nn.Linear)}
    for path, linear in linears.items():
        blocks = {name: rows for name, rows in row_blocks(model, path, linear).items() if name in config.targets}
        if blocks:
            plan[path] = blocks
            matched |= blocks.keys()
    missing = [target for target in config.targets if target not in matched]
    if missing:
        there = sorted({path.rpartition(".")[2] for path in linears})
        raise LoRAError(f"no layer matches target {', '.join(missing)}; this model's linear layers: {', '.join(there)}")

    def make(path: str, linear: nn.Linear, rows: tuple[int, int]) -> LoRAAdapter:
        device = linear.weight.device
        return LoRAAdapter(linear.in_features, rows, config.rank, config.scaling, config.dropout, device)

    attach(model, plan, make)
    return list(plan)


def attach(
    model: nn.Module,
    plan: dict[str, Blocks],
    make: Callable[[str, nn.Linear, tuple[int, int]], LoRAAdapter],
) -> None:
    """Freeze `model` and wrap the layers of `plan`; make(path, layer, rows) gives each adapter."""
    _refuse_adapted(model)
    model.requires_grad_(False)
    for path, blocks in plan.items():
        linear = model.get_submodule(path)
        assert isinstance(linear, nn.Linear)
        layer = LoRALinear(linear, {name: make(path, linear, rows) for name, rows in blocks.items()})
        _replace(model, path, layer.train(linear.training))


def row_blocks(model: nn.Module, path: str, linear: nn.Linear) -> Blocks:
    """The targets that live in one linear layer and the rows of each: itself, and the parts if it is fused."""
    parent_path, _, name = path.rpartition(".")
    whole = (0, linear.out_features)
    if name == "gate_up_proj":
        half = linear.out_features // 2
        return {name: whole, "gate_proj": (0, half), "up_proj": (half, linear.out_features)}
    output = getattr(model.get_submodule(parent_path), "o_proj", None)
    if name == "qkv_proj" and output is not None:
        # o_proj reads what the query heads wrote; k and v share the rest (fewer rows under grouped queries).
        query: int = output.in_features
        key = (linear.out_features - query) // 2
        bounds = (0, query, query + key, linear.out_features)
        return {name: whole, **{part: (bounds[i], bounds[i + 1]) for i, part in enumerate(FUSED_TARGETS[name])}}
    return {name: whole}


def remove(model: nn.Module) -> None:
    """Take the adapters out. Merged layers keep the merged weights; all parameters stay frozen."""
    for path, layer in list(lora_layers(model)):
        _replace(model, path, layer.base)


def merge(model: nn.Module) -> None:
    """Add every update to its frozen weight: inference without overhead. See LoRALinear.merge for the cost."""
    for _, layer in lora_layers(model):
        layer.merge()


def unmerge(model: nn.Module) -> None:
    """Undo `merge`, bit for bit."""
    for _, layer in lora_layers(model):
        layer.unmerge()


def adapter_state_dict(model: nn.Module) -> dict[str, Tensor]:
    """A and B of every adapter, by parameter name; no base weight."""
    return {
        f"{path}.adapters.{name}.{matrix}": getattr(adapter, matrix).detach()
        for path, layer in lora_layers(model)
        for name, adapter in layer.adapters.items()
        for matrix in ("A", "B")
    }


def load_adapter_state_dict(model: nn.Module, state: dict[str, Tensor]) -> None:
    """Copy saved A and B into the model's adapters. Names and shapes must be the same on both sides."""
    own = adapter_state_dict(model)
    wrong = sorted(own.keys() ^ state.keys()) or sorted(n for n in own if own[n].shape != state[n].shape)
    if wrong:
        raise LoRAError(f"the saved adapters do not fit this model's: {len(wrong)} differ, first {wrong[0]}")
    for name, tensor in own.items():
        tensor.copy_(state[name])


def count_by_layer(model: nn.Module) -> dict[str, dict[str, int]]:
    """Trainable parameters as torch counts them: {decoder layer's path: {target: parameters}}.

    Parameters that are trainable but in no adapter stand under their own name, so that nothing goes unseen.
    """
    counts: dict[str, dict[str, int]] = {}
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        path, inside, rest = name.partition(".adapters.")
        layer, target = (_decoder_layer(path), rest.partition(".")[0]) if inside else (name, name)
        per_layer = counts.setdefault(layer, {})
        per_layer[target] = per_layer.get(target, 0) + parameter.numel()
    return counts


def _refuse_adapted(model: nn.Module) -> None:
    for path, _ in lora_layers(model):
        raise LoRAError(f"the model has adapters already (at {path}); remove them first")


def _decoder_layer(path: str) -> str:
    """'model.layers.7.self_attn.qkv_proj' -> 'model.layers.7'; a path without a number stays as it is."""
    parts = path.split(".")
    numbers = [i for i, part in enumerate(parts) if part.isdigit()]
    return ".".join(parts[: numbers[0] + 1]) if numbers else path


def _replace(model: nn.Module, path: str, module: nn.Module) -> None:
    parent_path, _, name = path.rpartition(".")
    setattr(model.get_submodule(parent_path), name, module)
