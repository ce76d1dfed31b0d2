"""Predicts a large table with ONNX Runtime on Spark, batch by batch (needs Java 17 or newer).

    PYSPARK_PYTHON=python python infer_spark.py MODEL.ONNX TABLE OUT

As infer_ray.py: TABLE and OUT are what Spark reads and writes, the model is a regression of one target
whose columns are numbers.
"""

import json
import sys

import numpy
import onnxruntime
from pyspark.sql import SparkSession
from pyspark.sql.types import DoubleType, StructField, StructType


def main(path, table, out):
    spark = SparkSession.builder.appName("nnfs").getOrCreate()
    with open(path, "rb") as file:
        # To every worker once; none has to see the file.
        model = spark.sparkContext.broadcast(file.read())

    def predict(batches):
        session = onnxruntime.InferenceSession(model.value, providers=["CPUExecutionProvider"])
        names = json.loads(session.get_modelmeta().custom_metadata_map["nnfs.inputs"])
        kind = session.get_inputs()[0].type
        dtype = {"tensor(float)": numpy.float32, "tensor(double)": numpy.float64}[kind]
        for batch in batches:
            inputs = batch[names].to_numpy(dtype)
            (predictions,) = session.run(["predictions"], {"inputs": inputs})
            yield batch.assign(prediction=predictions[:, 0].astype(numpy.float64))

    data = spark.read.csv(table, header=True, inferSchema=True)
    schema = StructType([*data.schema, StructField("prediction", DoubleType())])
    data.mapInPandas(predict, schema).write.csv(out, header=True)
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
