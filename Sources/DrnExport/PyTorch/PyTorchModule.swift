import DrnSystem
import DrnTensorFile

/// A network as a module of PyTorch: its source, and the state that `load_state_dict` takes.
public struct PyTorchModule: Sendable {
  /// The file of Python.
  public let source: String
  /// The state, by the names that the layers have in the module.
  public let weights: TensorFile

  /// Where the module looks for its weights: beside it, under its name.
  public func weightsPath(beside path: String) -> String {
    let name = Path.name(of: path)
    return Path.join(Path.folder(of: path), Self.stem(of: name) + ".safetensors")
  }

  /// A name without what follows its last point.
  static func stem(of name: String) -> String {
    let suffix = Path.fileExtension(of: name)
    return suffix.isEmpty ? name : String(decoding: name.utf8.dropLast(suffix.utf8.count + 1), as: UTF8.self)
  }
}

/// Parts of Python that modules have where they need them, in the order in which they stand.
enum PyTorchPart: String, CaseIterable {
  case layers, factors, product, factorizedLinear, factorizedEmbedding, paddedConvolution, factorizedConvolution, alongPositions
  case maxPool, averagePool, positions, turn, attend, lstm, gru

  /// Those that the part is written with.
  var needs: [PyTorchPart] {
    switch self {
    case .factorizedLinear, .factorizedEmbedding, .factorizedConvolution: [.factors]
    case .lstm, .gru: [.product]
    case .attend: [.turn]
    case .layers, .factors, .product, .paddedConvolution, .alongPositions, .maxPool, .averagePool, .positions, .turn: []
    }
  }

  var text: String {
    switch self {
    case .layers:
      """
      class Layers(nn.Module):
          \"""Layers by their names.\"""

          def __init__(self, layers):
              super().__init__()
              self._modules.update(layers)

          def __getitem__(self, name):
              return self._modules[name]
      """
    case .factors:
      """
      class Factors(nn.Module):
          \"""The factors of one weight, by their names.\"""

          def __init__(self, **shapes):
              super().__init__()
              for name, shape in shapes.items():
                  self.register_parameter(name, nn.Parameter(torch.empty(shape)))
      """
    case .product:
      """
      def product(x, weight):
          \"""x times a matrix, which is kept as outputs x inputs, or as two factors.\"""
          return F.linear(x, weight) if torch.is_tensor(weight) else x @ weight.u @ weight.v
      """
    case .factorizedLinear:
      """
      class FactorizedLinear(nn.Module):
          \"""y = x u v + b.\"""

          def __init__(self, inputs, rank, outputs, bias=True):
              super().__init__()
              self.weight = Factors(u=(inputs, rank), v=(rank, outputs))
              self.bias = nn.Parameter(torch.empty(outputs)) if bias else None

          def forward(self, x):
              y = x @ self.weight.u @ self.weight.v
              return y if self.bias is None else y + self.bias
      """
    case .factorizedEmbedding:
      """
      class FactorizedEmbedding(nn.Module):
          \"""The row of u v of each token.\"""

          def __init__(self, vocabulary, rank, width):
              super().__init__()
              self.weight = Factors(u=(vocabulary, rank), v=(rank, width))

          def forward(self, tokens):
              return F.embedding(tokens, self.weight.u) @ self.weight.v
      """
    case .paddedConvolution:
      """
      class PaddedConv2d(nn.Conv2d):
          \"""A convolution with zeros of its own number on each side: left, right, top, bottom.\"""

          def __init__(self, *arguments, zeros, **options):
              super().__init__(*arguments, **options)
              self.zeros = zeros

          def forward(self, x):
              return super().forward(F.pad(x, self.zeros))
      """
    case .factorizedConvolution:
      """
      class FactorizedConv2d(nn.Module):
          \"""Convolutions by the factors of one weight, one after another; each with its stride, zeros (left, right, top, bottom) and dilation.\"""

          def __init__(self, shapes, windows, bias):
              super().__init__()
              self.weight = Factors(**shapes)
              self.windows = windows
              self.bias = nn.Parameter(torch.empty(bias)) if bias else None

          def forward(self, x):
              for name, (stride, zeros, dilation) in self.windows.items():
                  x = F.conv2d(F.pad(x, zeros), getattr(self.weight, name), stride=stride, dilation=dilation)
              return x if self.bias is None else x + self.bias[:, None, None]
      """
    case .alongPositions:
      """
      def along_positions(layer, x):
          \"""A layer of images on a sequence (examples, positions, features), as an image of one row.\"""
          return layer(x.transpose(1, 2).unsqueeze(2)).squeeze(2).transpose(1, 2)
      """
    case .maxPool:
      """
      def max_pool(x, kernel, stride, zeros):
          \"""Of an image with places that never win on its left, right, top and bottom.\"""
          return F.max_pool2d(F.pad(x, zeros, value=-torch.inf), kernel, stride)
      """
    case .averagePool:
      """
      def average_pool(x, kernel, stride, zeros, include_padding):
          \"""Of an image with zeros on its left, right, top and bottom, which count or do not.\"""
          mean = F.avg_pool2d(F.pad(x, zeros), kernel, stride)
          if include_padding:
              return mean
          return mean / F.avg_pool2d(F.pad(torch.ones_like(x[:1, :1]), zeros), kernel, stride)
      """
    case .positions:
      """
      class Positions(nn.Module):
          \"""Adds a vector of its own to each position.\"""

          def __init__(self, numbers):
              super().__init__()
              self.weight = nn.Parameter(torch.empty(numbers))

          def forward(self, x):
              return x + self.weight.view(x.shape[1:])
      """
    case .turn:
      """
      def turn(x, base):
          \"""The rotary embedding: features i and i + d / 2 of position t turn by the angle t base^(-2 i / d).\"""
          half = x.shape[-1] // 2
          steps = base ** (-torch.arange(half, dtype=torch.float64, device=x.device) / half)
          angles = torch.arange(x.shape[-2], dtype=torch.float64, device=x.device)[:, None] * steps
          cosine, sine = angles.cos().to(x.dtype), angles.sin().to(x.dtype)
          first, second = x[..., :half], x[..., half:]
          return torch.cat([first * cosine - second * sine, second * cosine + first * sine], -1)
      """
    case .attend:
      """
      def attend(queries, keys, values, heads, causal=False, base=None):
          \"""Attention head by head; keys and values of fewer heads are shared.\"""
          size = queries.shape[-1] // heads
          queries, keys, values = (x.unflatten(-1, (-1, size)).transpose(1, 2) for x in (queries, keys, values))
          if base is not None:
              queries, keys = turn(queries, base), turn(keys, base)
          shared = heads // keys.shape[1]
          keys, values = keys.repeat_interleave(shared, 1), values.repeat_interleave(shared, 1)
          return F.scaled_dot_product_attention(queries, keys, values, is_causal=causal).transpose(1, 2).flatten(2)
      """
    case .lstm:
      """
      class LSTM(nn.Module):
          \"""The state at each position; blocks of the matrices are i, f, g, o.\"""

          def __init__(self, weight, recurrent, hidden):
              super().__init__()
              self.hidden, self.weight, self.recurrent = hidden, weight, recurrent
              self.bias = nn.Parameter(torch.empty(4 * hidden))

          def forward(self, x):
              state = cell = x.new_zeros(x.shape[0], self.hidden)
              states = []
              for projected in (product(x, self.weight) + self.bias).unbind(1):
                  i, f, g, o = (projected + product(state, self.recurrent)).chunk(4, -1)
                  cell = f.sigmoid() * cell + i.sigmoid() * g.tanh()
                  state = o.sigmoid() * cell.tanh()
                  states.append(state)
              return torch.stack(states, 1)
      """
    case .gru:
      """
      class GRU(nn.Module):
          \"""The state at each position; blocks of the matrices are r, z, n.\"""

          def __init__(self, weight, recurrent, hidden):
              super().__init__()
              self.hidden, self.weight, self.recurrent = hidden, weight, recurrent
              self.bias = nn.Parameter(torch.empty(3 * hidden))
              self.recurrent_bias = nn.Parameter(torch.empty(hidden))

          def forward(self, x):
              state = x.new_zeros(x.shape[0], self.hidden)
              states = []
              for projected in (product(x, self.weight) + self.bias).unbind(1):
                  (r, z, n), (own_r, own_z, own_n) = projected.chunk(3, -1), product(state, self.recurrent).chunk(3, -1)
                  n = (n + (r + own_r).sigmoid() * (own_n + self.recurrent_bias)).tanh()
                  state = n + (z + own_z).sigmoid() * (state - n)
                  states.append(state)
              return torch.stack(states, 1)
      """
    }
  }
}
