extension Code {
  public static let dataShape = Code(
    401, "data_shape", "The declared shape of an example is not the shape in the files.", [.disagreement, .ofFiles])
  public static let dataClasses = Code(
    402, "data_classes", "The declared number of classes is not the number in the files.", [.disagreement, .ofFiles])
  public static let networkInput = Code(403, "network_input", "A network takes another shape than its data has.", [.disagreement])
  public static let headOutputs = Code(
    404, "head_outputs", "A network returns another number of values than its data needs.", [.disagreement])
  public static let lossTarget = Code(405, "loss_target", "A loss needs another kind of label than the data has.", [.disagreement])
  public static let dataUnreadable = Code(406, "data_unreadable", "Data files are present but cannot be used.", [.ofFiles])
  public static let emptyEpoch = Code(407, "empty_epoch", "An epoch has no batch.")
  public static let classWeightCount = Code(408, "class_weight_count", "There is not one class weight for each class.")
  public static let topKRange = Code(409, "top_k_range", "A top-k accuracy counts more classes than there are.")
  public static let exampleCount = Code(410, "example_count", "The declared number of examples is not the number in the files.", [.ofFiles])
  public static let dataDamaged = Code(411, "data_damaged", "A data file is cut short or damaged.", [.ofFiles])
  public static let mixedImageSizes = Code(412, "mixed_image_sizes", "The images of a data set differ in size.", [.ofFiles])
  public static let dataEmpty = Code(413, "data_empty", "A file or folder holds no examples.", [.ofFiles])
  public static let labelRange = Code(414, "label_range", "A label in the files is none of the classes.", [.ofFiles])
  public static let augmentationShape = Code(415, "augmentation_shape", "An augmentation does not fit the shape of an example.")
  public static let updateOfForm = Code(416, "update_of_form", "An optimizer cannot move a weight of that form.")

  /// Codes DRN0400 to DRN0499.
  static let data: [Code] = [
    .dataShape, .dataClasses, .networkInput, .headOutputs, .lossTarget, .dataUnreadable, .emptyEpoch, .classWeightCount, .topKRange,
    .exampleCount, .dataDamaged, .mixedImageSizes, .dataEmpty, .labelRange, .augmentationShape,
    .updateOfForm,
  ]
}
