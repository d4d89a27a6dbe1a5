/// What `report` can write of a weight. A new measurement is one file in this folder and one entry here.
public enum Measurements {
  /// In the order in which they are listed.
  public static let all: [any WeightMeasurement.Type] = [
    EffectiveRank.self, StableRank.self, SingularSpectrum.self, PrunedAccuracy.self,
  ]
}
