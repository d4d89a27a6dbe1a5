/// The functions that lowering makes.
public enum FunctionName {
  /// The training loss of a batch and the outputs of the network.
  public static let loss = "loss"
  /// The loss in an evaluation of the step that sees weights in other forms.
  static func loss(ofEvaluation index: Int) -> String { "loss_evaluation\(index)" }
  /// A loss function for a part of an accumulated batch.
  static func loss(_ name: String, ofPart part: Int) -> String { "\(name)_\(part)" }
  /// State of updates made anew, before the step of the same batch.
  static func renewal(_ index: Int) -> String { index == 0 ? "renew" : "renew_\(index)" }
  /// One update.
  public static let step = "step"
  /// The update of an epoch's smaller last batches.
  public static let remainderStep = step + PortName.remainderSuffix
  /// Loss and outputs with running statistics and without dropout.
  public static let evaluate = "evaluate"
  /// The outputs for so many further positions of a sequence.
  public static func continuation(of count: Int) -> String { "continue_\(count)" }
  /// Outputs alone, of the network as it is deployed.
  public static let forward = "forward"
  /// Every parameter of the first phase, drawn.
  public static let initialize = "initialize"
  /// The change of weights and state into a phase, or to another rank.
  public static let transition = "transition"
  /// The singular values of one weight, for events and reports.
  public static let singularValues = "singular_values"
  /// From whole matrices to the forms of the first phase.
  public static let represent = "represent"
  /// From the forms of a phase to whole matrices.
  public static let dense = "dense"
  /// From the forms of a phase to those that are deployed.
  public static let deploy = "deploy"
}

/// The arguments and results of those functions that are not tensors of the network.
public enum PortName {
  /// The inputs of a batch.
  public static let features = "features"
  /// How many positions of each example are its own, where examples have lengths.
  public static let lengths = "lengths"
  /// 1 at those positions and 0 behind them.
  public static let mask = "mask"
  /// The classes or target vectors of a batch.
  public static let labels = "labels"
  /// The labels of the examples that those of a batch are mixed with.
  public static let partnerLabels = "partner_labels"
  /// The share of its own that a mixed example keeps.
  public static let mixtureShare = "mixture_share"
  /// The outputs of the network for a batch.
  public static let logits = "logits"
  /// The mean loss of a batch.
  public static let loss = "loss"
  /// The learning rate of one step.
  public static let rate = "rate"
  /// The share of the averages of the weights that stays at one step.
  public static let averageShare = "average_share"
  /// The random key of one call.
  public static let key = "key"
  /// A matrix by itself.
  public static let matrix = "matrix"
  /// The singular values of the weight, descending.
  public static let singularValues = "singular_values"
  /// What the batch ports of the second step of a phase end in, so that both steps lie in one arena.
  public static let remainderSuffix = "_rest"

  /// The tokens of so many further positions of a sequence, their numbers in it, and the outputs for them.
  public static func tokens(_ count: Int) -> String { "tokens_\(count)" }
  public static func positions(_ count: Int) -> String { "positions_\(count)" }
  public static func logits(_ count: Int) -> String { "\(logits)_\(count)" }
  /// What a layer keeps of a sequence.
  static func kept(_ name: String, by layer: String) -> String { "\(layer)/\(name)" }

  /// A weight as one matrix.
  public static func dense(_ weight: String) -> String { "dense/\(weight)" }
  /// A tensor of a form that is deployed.
  public static func deployed(_ tensor: String) -> String { "deployed/\(tensor)" }
  /// The relative Frobenius error of the change of a weight.
  public static func truncationError(_ weight: String) -> String { "truncation_error/\(weight)" }
  /// What is left of a weight's momentum that the new form cannot hold, relative.
  public static func momentumResidual(_ weight: String) -> String { "momentum_residual/\(weight)" }
}
