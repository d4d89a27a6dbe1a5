import DrnIR
import DrnMethods
import DrnReference

/// A batch of images, channels last, with the plainest convolution there is: the oracle of the tests of convolutions.
struct Images {
  let batch: Int
  let height: Int
  let width: Int
  let channels: Int
  var values: [Double]

  /// Reproducible numbers in [-1, 1).
  init(_ batch: Int, _ height: Int, _ width: Int, _ channels: Int, seed: UInt64) {
    self.init(batch, height, width, channels, Matrix(batch * height * width, channels, seed: seed).values)
  }
  init(_ batch: Int, _ height: Int, _ width: Int, _ channels: Int, _ values: [Double]) {
    (self.batch, self.height, self.width, self.channels) = (batch, height, width, channels)
    self.values = values
  }

  var tensor: ReferenceTensor { ReferenceTensor(shape: [batch, height, width, channels], values: values) }
  var shape: [Dimension] { [batch, height, width, channels].map { Dimension($0) } }

  /// Zero outside the image.
  subscript(image: Int, row: Int, column: Int, channel: Int) -> Double {
    guard (0..<height).contains(row), (0..<width).contains(column) else { return 0 }
    return values[((image * height + row) * width + column) * channels + channel]
  }

  /// By the definition: every place and output sums over kernel row, kernel column and channel of its group.
  func convolved(_ weight: Matrix, _ geometry: ConvolutionGeometry, groups: Int = 1) -> Images {
    let (kernel, stride, dilation, padding) = (geometry.kernel, geometry.stride, geometry.dilation, geometry.padding)
    let rows = (height + padding.top + padding.bottom - dilation.height * (kernel.height - 1) - 1) / stride.height + 1
    let columns = (width + padding.left + padding.right - dilation.width * (kernel.width - 1) - 1) / stride.width + 1
    let (seen, made) = (channels / groups, weight.columns / groups)
    var result: [Double] = []
    for image in 0..<batch {
      for row in 0..<rows {
        for column in 0..<columns {
          for output in 0..<weight.columns {
            var sum = 0.0
            for i in 0..<kernel.height {
              for j in 0..<kernel.width {
                for c in 0..<seen {
                  let y = row * stride.height + i * dilation.height - padding.top
                  let x = column * stride.width + j * dilation.width - padding.left
                  let channel = output / made * seen + c
                  sum += self[image, y, x, channel] * weight[(i * kernel.width + j) * seen + c, output]
                }
              }
            }
            result.append(sum)
          }
        }
      }
    }
    return Images(batch, rows, columns, weight.columns, result)
  }

  func distance(to values: [Double]) -> Double {
    values.count == self.values.count ? zip(values, self.values).reduce(0) { max($0, abs($1.0 - $1.1)) } : .infinity
  }
}

/// W of a chain u, core, v by its definition.
func tuckerProduct(_ p: [Matrix], places: Int) -> Matrix {
  let (channels, rank) = (p[0].rows, p[0].columns)
  var result = Matrix(places * channels, p[2].columns)
  for place in 0..<places {
    for c in 0..<channels {
      for o in 0..<p[2].columns {
        for a in 0..<rank {
          for b in 0..<p[2].rows { result[place * channels + c, o] += p[0][c, a] * p[1][place * rank + a, b] * p[2][b, o] }
        }
      }
    }
  }
  return result
}

/// W of a chain u, width, height, v by its definition.
func cpProduct(_ p: [Matrix], kernel: Extent2) -> Matrix {
  let (channels, rank) = (p[0].rows, p[0].columns)
  var result = Matrix(kernel.height * kernel.width * channels, p[3].columns)
  for i in 0..<kernel.height {
    for j in 0..<kernel.width {
      for c in 0..<channels {
        for o in 0..<p[3].columns {
          var sum = 0.0
          for a in 0..<rank {
            for b in 0..<rank {
              for d in 0..<rank { sum += p[0][c, a] * p[1][j * rank + a, b] * p[2][i * rank + b, d] * p[3][d, o] }
            }
          }
          result[(i * kernel.width + j) * channels + c, o] = sum
        }
      }
    }
  }
  return result
}

/// The matrix unfolded by input channel: one row for each, with all places and outputs.
func unfoldedByChannel(_ matrix: Matrix, places: Int) -> Matrix {
  let channels = matrix.rows / places
  var result = Matrix(channels, places * matrix.columns)
  for place in 0..<places {
    for c in 0..<channels {
      for o in 0..<matrix.columns { result[c, place * matrix.columns + o] = matrix[place * channels + c, o] }
    }
  }
  return result
}

/// The matrix with a row for each kernel column and input channel, and the kernel rows and outputs as columns.
func unfoldedByColumn(_ matrix: Matrix, height: Int) -> Matrix { unfoldedByChannel(matrix, places: height) }

/// Singular values in double precision.
func spectrum(_ matrix: Matrix) throws -> [Double] {
  var bench = Bench()
  let value = bench.input("m", matrix)
  bench.output("s", try bench.builder.singularValues(value).s)
  return try bench.run()["s"]?.values ?? []
}

extension WeightShape {
  /// The weight of a convolution of that kernel.
  static func convolution(_ kernel: Extent2, channels: Int, outputs: Int, groups: Int = 1) -> WeightShape {
    WeightShape(
      inputs: kernel.height * kernel.width * channels, outputs: outputs, convolution: ConvolutionGeometry(kernel: kernel), groups: groups)
  }
}
