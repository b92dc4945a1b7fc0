package dev.ringlet.executor;

import dev.ringlet.io.NameResolver;
import dev.ringlet.spi.ContextCarrier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The values of an {@link ExecutorPool}, with their defaults; changed only while a copy is made.
 */
final class PoolSettings {
  int count;
  @Nullable Placement placement;
  @Nullable String driver;
  int throughput = 64;
  long preemptIntervalNanos = 1_000_000;
  long spinNanos = -1;
  int ringEntries = 256;
  int receiveBufferCount = 512;
  int receiveBufferBytes = 16 * 1024;
  int diskDepth;
  long bufferMemory = 2L << 30;
  int leakDetection = 1024;
  int offloadThreads = 64;
  int offloadBacklog = 65536;
  NameResolver nameResolver = NameResolver.system();
  long connectAttemptDelayNanos = 250_000_000;
  boolean runNext;
  int intakeLimit = 10_000;
  long stallBudgetNanos;
  boolean flightRecorder;
  boolean senderTracking;
  @Nullable ContextCarrier contextCarrier;
  Consumer<? super Stall> stallListener = stall -> {};

  PoolSettings copy() {
    PoolSettings copy = new PoolSettings();
    copy.count = count;
    copy.placement = placement;
    copy.driver = driver;
    copy.throughput = throughput;
    copy.preemptIntervalNanos = preemptIntervalNanos;
    copy.spinNanos = spinNanos;
    copy.ringEntries = ringEntries;
    copy.receiveBufferCount = receiveBufferCount;
    copy.receiveBufferBytes = receiveBufferBytes;
    copy.diskDepth = diskDepth;
    copy.bufferMemory = bufferMemory;
    copy.leakDetection = leakDetection;
    copy.offloadThreads = offloadThreads;
    copy.offloadBacklog = offloadBacklog;
    copy.nameResolver = nameResolver;
    copy.connectAttemptDelayNanos = connectAttemptDelayNanos;
    copy.runNext = runNext;
    copy.intakeLimit = intakeLimit;
    copy.stallBudgetNanos = stallBudgetNanos;
    copy.flightRecorder = flightRecorder;
    copy.senderTracking = senderTracking;
    copy.contextCarrier = contextCarrier;
    copy.stallListener = stallListener;
    return copy;
  }
}
