/// The forms a weight may have. A new form is one file in this folder and one entry here.
public enum Parameterizations {
  /// Every form that a program may name; no two have one word.
  public static let all: [any Parameterization.Type] = [
    Dense.self, Factored.self, ThreeFactor.self, Core.self, Tucker.self, CP.self, Adapter.self, Power.self, Sparse.self, Kronecker.self,
  ]

  /// The form of that word.
  public static func named(_ name: String) -> (any Parameterization.Type)? { all.first { $0.spec.name == name } }
}
