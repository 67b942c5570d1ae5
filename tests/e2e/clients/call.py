"""What a Connect server answers to one call, made by hand: the name of gRPC's status code, as one line of JSON.

    call.py host:port tls|plain [token]

A call that is let in is told that it says nothing that Connect understands (UNKNOWN or INTERNAL, by the line of Spark).
"""

import json
import sys

import grpc

address, transport, *token = sys.argv[1:]
channel = grpc.secure_channel(address, grpc.ssl_channel_credentials()) if transport == "tls" else grpc.insecure_channel(address)
call = channel.unary_unary("/spark.connect.SparkConnectService/AnalyzePlan")
try:
    call(b"", timeout=20, metadata=[("authorization", f"Bearer {one}") for one in token])
    print(json.dumps("OK"))
except grpc.RpcError as error:
    print(json.dumps(error.code().name))
