import DrnMethods

/// A figure of how well a network does on a split, in `summary.json` for validation and test. One file each in this folder, listed in
/// `Metrics.all`.
public struct Metric: Sendable {
  /// Its name and sentence.
  public let spec: MethodSpec
  /// The figures of a score, each under the key that stands behind the name of the split; none where the score has none. With the k of the
  /// setting `top_k`.
  public let figures: @Sendable (_ score: Score, _ topK: [Int]) -> [MeasuredFigure]

  init(_ spec: MethodSpec, figures: @escaping @Sendable (_ score: Score, _ topK: [Int]) -> [MeasuredFigure]) {
    self.spec = spec
    self.figures = figures
  }

  /// A metric of one figure, under its own name.
  init(_ spec: MethodSpec, value: @escaping @Sendable (Score) -> MeasuredFigure.Value?) {
    self.init(spec) { score, _ in value(score).map { [MeasuredFigure(spec.name, $0)] } ?? [] }
  }
}
