"""A small library to index."""

from pathlib import Path

import pytest

SQRT = """import Mathlib.Order
/-! Square roots. -/
open Nat
namespace Real
variable {x : ℝ}

/-- The root of a square. -/
@[simp] theorem sqrt_sq (h : 0 ≤ x) : √(x ^ 2) = x := by
  rw [sq, mul_self_sqrt h]

theorem mul_self_sqrt (h : 0 ≤ x) : √x * √x = x := by rw [order_le.mp h]

alias self_mul_sqrt := mul_self_sqrt
@[deprecated (since := "2024-01-01")] alias ⟨sqrt_old, _⟩ := mul_self_sqrt
end Real
example : True := trivial
"""
ORDER = """@[to_additive (attr := simp)] lemma prod_mono (h : a ≤ b) : a * 1 ≤ b * 1 := h
theorem order_le : a ≤ b ↔ b ≥ a := Iff.rfl
def Big.size (n : ℕ) := n
instance Big.instFoo : Foo Nat where
private theorem hidden : 1 = 1 := by rw [order_le]; exact Real.sqrt_sq.symm
"""


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A Lake project of two files, with what is no source of it."""
    folder = tmp_path / "library"
    (folder / "Mathlib").mkdir(parents=True)
    (folder / ".lake").mkdir()
    for name in ("lakefile.lean", ".lake/Hidden.lean"):
        (folder / name).write_text("theorem not_indexed : True := trivial\n")
    (folder / "Mathlib" / "Sqrt.lean").write_text(SQRT, encoding="utf-8")
    (folder / "Mathlib" / "Order.lean").write_text(ORDER, encoding="utf-8")
    return folder


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index" / "premises.db"
