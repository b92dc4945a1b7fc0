package dev.ringlet.examples.blockhound;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import reactor.blockhound.BlockHound;
import reactor.blockhound.BlockingMethod;
import reactor.blockhound.integration.BlockHoundIntegration;

/** Writes down each blocking call that BlockHound finds, and lets it go on. */
final class Violations implements BlockHoundIntegration {
  private final List<String> found = new CopyOnWriteArrayList<>();

  @Override
  public void applyTo(BlockHound.Builder builder) {
    builder.blockingMethodCallback(this::add);
  }

  private void add(BlockingMethod method) {
    List<String> lines = new ArrayList<>();
    lines.add(method + " on " + Thread.currentThread().getName());
    for (StackTraceElement frame : new Throwable().getStackTrace()) {
      lines.add("    at " + frame);
    }
    found.add(String.join("\n", lines));
  }

  List<String> found() {
    return found;
  }
}
