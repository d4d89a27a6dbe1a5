/// The layers of networks. A new layer is one file in this folder and one entry here.
public enum Layers {
  /// Every layer that a program may name; no two have one word.
  public static let all: [any Layer.Type] = [
    Linear.self, Convolution.self, Relu.self, Gelu.self, Tanh.self, Sigmoid.self, Dropout.self, LayerNorm.self, BatchNorm.self,
    MaxPool.self, AveragePool.self, GlobalMaxPool.self, GlobalAveragePool.self, Flatten.self, Add.self, Concatenation.self, Subsample.self,
    PadChannels.self,
  ]

  /// The layer of that word.
  public static func named(_ name: String) -> (any Layer.Type)? { all.first { $0.spec.name == name } }
}
