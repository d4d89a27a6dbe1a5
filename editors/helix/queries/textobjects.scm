(block) @function.around
(network) @function.around
(data) @class.around
(train) @class.around
(parameter) @parameter.around
(argument) @parameter.around
(comment) @comment.inside
(comment)+ @comment.around
