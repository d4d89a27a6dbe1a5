import DrnIR

/// How one weight W (inputs x outputs, y = x W) is represented. One file each under `Parameterizations/`, listed in
/// `Parameterizations.all`.
///
/// Every emit function works on symbolic ranks.
public protocol Parameterization: Method {
  /// The rank asked for, or `nil` for a form without one (`dense`).
  var rank: RankRule? { get }
  /// The tensors that make up the weight, in the order every other function takes them.
  func parameters(_ shape: WeightShape, rank: Dimension) -> [ParameterSpec]
  /// The matrix y = x W, one row per example or, of an image, per place of the result.
  func apply(
    _ input: WeightInput, parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> Value
  /// The dense W.
  func reconstruct(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> Value
  /// Parameters that represent W, exactly when the form can, else its best approximation (Eckart-Young) or, for an adapter, around W.
  /// `key` and `name` feed random streams for parameters that start anew.
  func represent(
    _ dense: Value, shape: WeightShape, rank: Dimension, name: String, key: Value, in builder: inout Builder
  ) throws(IRError) -> [Value]
  /// Initial parameters for a weight that starts in this form. `dense` is the dense initialization of the same seed.
  func initialize(
    dense: Value, shape: WeightShape, rank: Dimension, name: String, key: Value, in builder: inout Builder
  ) throws(IRError) -> [Value]
  /// The trained part as W = base + left * right, for carrying optimizer state; `nil` for a form without two trainable sides.
  func sides(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> Sides?
  /// Whether going from a dense weight of full rank to this form at `rank` keeps the function exactly, truncates it, or adds parameters
  /// around it.
  func fidelity(rank: Int, shape: WeightShape) -> Fidelity

  // Requirements below have defaults that hold for every form; a form states its own where it knows more.

  /// The form whose parameters `entries` gives: another one where the trained numbers are those of that form in other coordinates.
  var structure: any Parameterization { get }
  /// The parameters of `structure` at the same rank with the same W.
  func entries(_ parameters: [Value], in builder: inout Builder) throws(IRError) -> [Value]
  /// Parameters for those of `structure`, exactly where the form can.
  func represent(
    entries: [Value], shape: WeightShape, rank: Dimension, name: String, key: Value, in builder: inout Builder
  ) throws(IRError) -> [Value]

  /// Whether the trained numbers are others than the entries of W. True unless a form says otherwise.
  var isReparameterized: Bool { get }
  /// Whether weight decay of each trained tensor by itself is weight decay of W. By default where the form is not reparameterized.
  var decaysByItself: Bool { get }
  /// Whether events may change the rank. By default where the form has one.
  var isChangedByEvents: Bool { get }
  /// Whether the rank on entry is known only while training, so that the form is priced by the bounds of its rank.
  var isPricedAsRange: Bool { get }
  /// Whether reports and files state a rank. By default where the form has one.
  var reportsRank: Bool { get }

  /// Where a form W = u s v has s between orthonormal bases that could move, and whose `deployedForm` is two factors with s in either; `nil` for
  /// others.
  func core(_ shape: WeightShape) -> ParameterSpec?
  /// Whether an update must move what the form does not train. By default not.
  var hasMovingBases: Bool { get }
  /// What changes while training beside the rank. By default nothing.
  func extents(_ shape: WeightShape) -> [ExtentSpec]
  /// The form of a weight whose extents are those, by name.
  func bound(to extents: [String: Dimension]) -> any Parameterization
  /// Why a weight of that shape cannot have this form; `nil` where it can.
  func obstacle(_ shape: WeightShape) -> FormObstacle?
  /// How the form departs from the publication it is taken from for a weight of that shape; `nil` where it does not.
  func departure(_ shape: WeightShape) -> String?
  /// The largest rank at which no basis of the form is wider than the space its columns lie in. The short side unless a form says less.
  func basisLimit(_ shape: WeightShape) -> Int
  /// The most that W can hold in this form at that rank.
  func content(rank: Int, shape: WeightShape) -> ContentRanks
  /// Whether the form at that rank holds every W of that content without loss.
  func holds(_ content: ContentRanks, rank: Int, shape: WeightShape) -> Bool
  /// Whether the parameters of the same form at another rank keep their places in this one, with others around them that leave W as it is.
  func contains(_ old: any Parameterization, rank oldRank: Int, at rank: Int, shape: WeightShape) -> Bool
  /// Whether the parameters of the other form mean in this one what they mean there, so that ranks are all that can lie between the two.
  func isSame(as other: any Parameterization) -> Bool
  /// The rank of the side of the inputs, where the form has one of its own.
  var secondRank: SecondRank? { get }
  /// The form of a copy that is no longer trained, at the same rank.
  var deployedForm: any Parameterization { get }
  /// By what the trained product is multiplied before it is added to a frozen base; `nil` for a form without such a scale.
  func scale(rank: Int) -> Double?

  /// Whether any moments of the trained parameters are those of some dense moment, so that none is lost on the way to W.
  var hasConsistentMoments: Bool { get }
  /// Whether the parameters' moments at that rank, around a W of full rank, determine the dense moment they were pulled back from.
  func determinesDenseMoment(rank: Int, shape: WeightShape) -> Bool
  /// What the gradients of the trained parameters say about the gradient with respect to W; `nil` when state cannot leave this form.
  /// By default taken from `sides`.
  func gradientEquations(
    _ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> GradientEquations?
  /// Squared gradients of W carried to the trained parameters through the squared Jacobian of `reconstruct`: one value per trained
  /// parameter.
  func pullBackSquared(
    _ dense: Value, parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> [Value]
  /// The gradient of half the squared Frobenius norm of W with respect to each trained parameter.
  func productDecay(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> [Value]
  /// The power of c by which W is multiplied where every trained tensor is multiplied by c; `nil` where W is multiplied by none. By default the
  /// number of trained tensors, whose product W is, and `nil` for an additive form.
  func homogeneity(_ shape: WeightShape) -> Double?
  /// The parameters of `deployedForm` with the same W.
  func deploy(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> [Value]
  /// How many parameters no mask fixes at zero; masks are none of them. By default all parameters.
  func activeCount(_ shape: WeightShape, rank: Int) -> Int
  /// Whether a parameter that is zero has no gradient and stays. By default not.
  var fixesZeros: Bool { get }
  /// Whether a mask holds some parameters at zero. By default not.
  var isMasked: Bool { get }
  /// The singular values of W: as many as the rank where the form has one, else the short side; descending within a matrix.
  func singularValues(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> Value
  /// The same form at another rank without a detour over W; `nil` where the general way serves. A form that answers promises that its
  /// parameters mean the same whatever its options.
  func changeRank(_ change: RankChange, in builder: inout Builder) throws(IRError) -> ChangedRank?
}

/// The rows or the columns of a matrix.
public enum MatrixVectors: String, Hashable, Sendable { case rows, columns }

/// One tensor of a parameterization.
public struct ParameterSpec: Hashable, Sendable {
  /// Empty for the dense weight itself, else `u`, `s`, `v`, `base`, `a`, `b`: the weight's name is extended by it.
  public let name: String
  /// Rows and columns of the tensor; of a symbolic rank before specialization.
  public let shape: [Dimension]
  /// Whether the optimizer moves it.
  public let isTrainable: Bool
  /// The kernel of the convolution that this matrix computes by itself, rows ordered kernel row, kernel column, channel; `nil` in a linear
  /// layer.
  public let kernel: Extent2?
  /// Which vectors of the matrix the form needs orthonormal; `nil` where it may be any.
  public let orthonormal: MatrixVectors?
  public init(
    _ name: String, _ shape: [Dimension], kernel: Extent2? = nil, isTrainable: Bool = true, orthonormal: MatrixVectors? = nil
  ) {
    self.name = name
    self.shape = shape
    self.kernel = kernel
    self.isTrainable = isTrainable
    self.orthonormal = orthonormal
  }
}

/// W = base + left * right, left inputs x k, right k x outputs. `leftParameter` and `rightParameter` are the indices of the parameters
/// whose gradients equal those of `left` and `right` (so that their momenta are known); `nil` when that side is frozen.
public struct Sides: Sendable {
  /// Inputs x k.
  public let left: Value
  /// k x outputs.
  public let right: Value
  /// The index of the parameter whose gradient is that of `left`.
  public let leftParameter: Int?
  /// The index of the parameter whose gradient is that of `right`.
  public let rightParameter: Int?
  public init(left: Value, right: Value, leftParameter: Int?, rightParameter: Int?) {
    self.left = left
    self.right = right
    self.leftParameter = leftParameter
    self.rightParameter = rightParameter
  }
}

/// What a change of form does to the network's function.
public enum Fidelity: String, Hashable, Sendable, CaseIterable {
  case exact, truncating, additive
}
