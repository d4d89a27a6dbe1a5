extension Code {
  /// DRN0401: the declared shape of an example is not the shape in the files.
  public static let dataShape = Code(401, "data_shape", .error, "The declared shape of an example is not the shape in the files.")
  /// DRN0402: the declared number of classes is not the number in the files.
  public static let dataClasses = Code(402, "data_classes", .error, "The declared number of classes is not the number in the files.")
  /// DRN0403: a network takes another shape than its data has.
  public static let networkInput = Code(403, "network_input", .error, "A network takes another shape than its data has.")
  /// DRN0404: a network returns another number of values than its data needs.
  public static let headOutputs = Code(404, "head_outputs", .error, "A network returns another number of values than its data needs.")
  /// DRN0405: a loss needs another kind of label than the data has.
  public static let lossTarget = Code(405, "loss_target", .error, "A loss needs another kind of label than the data has.")
  /// DRN0406: data files are present but cannot be used.
  public static let dataUnreadable = Code(406, "data_unreadable", .error, "Data files are present but cannot be used.")
  /// DRN0407: an epoch has no batch.
  public static let emptyEpoch = Code(407, "empty_epoch", .error, "An epoch has no batch.")
  /// DRN0408: there is not one class weight for each class.
  public static let classWeightCount = Code(408, "class_weight_count", .error, "There is not one class weight for each class.")
  /// DRN0409: a top-k accuracy counts more classes than there are.
  public static let topKRange = Code(409, "top_k_range", .error, "A top-k accuracy counts more classes than there are.")
  /// DRN0410: the declared number of examples is not the number in the files.
  public static let exampleCount = Code(410, "example_count", .error, "The declared number of examples is not the number in the files.")
  /// DRN0411: a data file is cut short or damaged.
  public static let dataDamaged = Code(411, "data_damaged", .error, "A data file is cut short or damaged.")
  /// DRN0412: the images of a data set differ in size.
  public static let mixedImageSizes = Code(412, "mixed_image_sizes", .error, "The images of a data set differ in size.")
  /// DRN0413: there are no examples.
  public static let dataEmpty = Code(413, "data_empty", .error, "A file or folder holds no examples.")
  /// DRN0414: a label in the files is none of the classes.
  public static let labelRange = Code(414, "label_range", .error, "A label in the files is none of the classes.")
  /// DRN0415: an augmentation does not fit the shape of an example.
  public static let augmentationShape = Code(
    415, "augmentation_shape", .error, "An augmentation does not fit the shape of an example.")

  /// Codes DRN0400 to DRN0499.
  static let data: [Code] = [
    .dataShape, .dataClasses, .networkInput, .headOutputs, .lossTarget, .dataUnreadable, .emptyEpoch, .classWeightCount, .topKRange,
    .exampleCount, .dataDamaged, .mixedImageSizes, .dataEmpty, .labelRange, .augmentationShape,
  ]
}
