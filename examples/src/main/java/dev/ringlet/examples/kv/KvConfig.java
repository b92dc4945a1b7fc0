package dev.ringlet.examples.kv;

import java.nio.file.Path;

/**
 * The settings of a server. Immutable.
 *
 * @param bind local address
 * @param port TCP port; 0 lets the kernel choose
 * @param shards how many shards, one per executor
 * @param data the folder of the logs
 * @param fsync when logs are synced
 * @param compaction when logs are compacted
 * @param limits what a request may cost
 * @param outputLimitBytes how many bytes of replies may wait for a slow reader before its
 *     connection is closed
 * @param maxMemoryBytes about how much keys and values may take together before commands that need
 *     more are refused
 * @param maxClients how many clients may be connected; more are told so and disconnected
 * @param surroundings clock and random numbers
 */
record KvConfig(
    String bind,
    int port,
    int shards,
    Path data,
    FsyncPolicy fsync,
    CompactionSettings compaction,
    RespLimits limits,
    long outputLimitBytes,
    long maxMemoryBytes,
    int maxClients,
    Surroundings surroundings) {
  KvConfig withPort(int actualPort) {
    return new KvConfig(
        bind,
        actualPort,
        shards,
        data,
        fsync,
        compaction,
        limits,
        outputLimitBytes,
        maxMemoryBytes,
        maxClients,
        surroundings);
  }
}
