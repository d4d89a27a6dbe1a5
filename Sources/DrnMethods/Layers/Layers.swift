/// The layers of networks. A new layer is one file in this folder and one entry here.
public enum Layers {
  /// Every layer that a program may name; no two have one word.
  public static let all: [any Layer.Type] = [
    Linear.self, Convolution.self, Convolution1D.self, Relu.self, Gelu.self, Silu.self, Tanh.self, Sigmoid.self, GatedLinearUnit.self,
    Dropout.self,
    LayerNorm.self, RMSNorm.self, BatchNorm.self,
    MaxPool.self, AveragePool.self, GlobalMaxPool.self, GlobalAveragePool.self, Flatten.self, Concatenation.self, Subsample.self,
    PadChannels.self, Embedding.self, Positions.self, LongShortTermMemory.self, GatedRecurrentUnit.self, MeanOverTime.self,
    SelectPosition.self, Add.self, Subtract.self, Multiply.self,
    Divide.self,
    Maximum.self, Minimum.self, Scale.self, Shift.self, SignedPower.self, Negate.self, Reciprocal.self, Exponential.self, Logarithm.self,
    SquareRoot.self, Square.self, Absolute.self,
  ]

  /// The layer of that word.
  public static func named(_ name: String) -> (any Layer.Type)? { all.first { $0.spec.name == name } }
}
