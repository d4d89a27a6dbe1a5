/// The layers of networks. A new layer is one file in this folder and one entry here.
public enum Layers {
  /// Every layer that a program may name; no two have one word.
  public static let all: [any Layer.Type] = [
    // Products.
    Linear.self, Tied.self, Convolution.self, Convolution1D.self, Embedding.self, Attend.self, LongShortTermMemory.self,
    GatedRecurrentUnit.self,
    // Element by element.
    Relu.self, LeakyRelu.self, Gelu.self, Silu.self, Tanh.self, Sigmoid.self, Exponential.self, Logarithm.self, SquareRoot.self,
    Square.self, Absolute.self,
    Negate.self, Reciprocal.self, SignedPower.self, Scale.self, Shift.self, Add.self, Subtract.self, Multiply.self, Divide.self,
    Maximum.self, Minimum.self, GatedLinearUnit.self, SoftmaxLayer.self, LogSoftmax.self, Positions.self, Dropout.self,
    // Norms.
    LayerNorm.self, RMSNorm.self, BatchNorm.self,
    // Pools and shapes.
    MaxPool.self, AveragePool.self, GlobalMaxPool.self, GlobalAveragePool.self, SumOver.self, MeanOver.self, MeanOverTime.self,
    SelectPosition.self, ImageToSequence.self, Flatten.self, Concatenation.self, Subsample.self, PadChannels.self,
  ]

  /// The layer of that word.
  public static func named(_ name: String) -> (any Layer.Type)? { all.first { $0.spec.name == name } }
}
