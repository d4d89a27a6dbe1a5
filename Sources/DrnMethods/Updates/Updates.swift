/// The optimizers. A new update is one file in this folder and one entry here.
public enum Updates {
  /// Every update that a program may name; no two have one word.
  public static let all: [any Update.Type] = [
    SGD.self, Adam.self, AdamW.self, RMSProp.self, Adagrad.self, Lion.self, LARS.self, Extrapolation.self, LowRankGradient.self,
    BasisUpdate.self,
  ]

  /// The updates that may stand inside another one.
  static let inner: [any DirectionalUpdate.Type] = [SGD.self, Adam.self, AdamW.self, RMSProp.self, Adagrad.self, Lion.self, LARS.self]

  /// Those that mean the same in a subspace of gradients: of which a step depends neither on norms nor on single signs.
  static let ofSubspaces: [any DirectionalUpdate.Type] = [SGD.self, Adam.self, AdamW.self, RMSProp.self, Adagrad.self]

  /// The update of that word.
  public static func named(_ name: String) -> (any Update.Type)? { all.first { $0.spec.name == name } }
}
