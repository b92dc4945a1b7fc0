package dev.ringlet.testkit.sim;

import org.jspecify.annotations.Nullable;

/**
 * A TCP connection on its way to be made: the request is repeated until it is answered. The
 * simulation's thread.
 */
final class SimConnect {
  /** As Linux has it: {@code tcp_syn_retries}. */
  private static final int REPEATS = 6;

  private static final long FIRST_REPEAT_NANOS = 1_000_000_000L;

  private final SimNetwork network;
  private final SimTcp end;
  private final SimOperation operation;
  private Agenda.@Nullable Entry repeat;
  private boolean over;

  SimConnect(SimNetwork network, SimTcp end, SimOperation operation) {
    this.network = network;
    this.end = end;
    this.operation = operation;
  }

  void start() {
    end.connecting(this);
    operation.onCancel(end::cancelConnect);
    if (!over) {
      ask(0);
    }
  }

  private void ask(int repeats) {
    long nanos = FIRST_REPEAT_NANOS << repeats;
    repeat =
        network.in(
            nanos,
            () -> {
              if (repeats == REPEATS) {
                end.timeOut();
              } else {
                ask(repeats + 1);
              }
            });
    if (!network.isBlocked(end)) {
      network.in(network.latencyNanos(), this::asked);
    }
  }

  /** The request has come to the other side. */
  private void asked() {
    if (over || end.hasPeer() || network.isBlocked(end)) {
      return;
    }
    SimMachine machine = network.machineOf(end.remoteAddress().getAddress(), end.machine());
    if (machine == null) {
      return;
    }
    SimListener listener = machine.listener(end.remoteAddress());
    if (listener == null) {
      refuse();
    } else if (!listener.isFull()) {
      SimTcp far = network.connection(machine, end.remoteAddress(), end.localAddress());
      end.accepted(far);
      listener.add(far);
    }
  }

  private void refuse() {
    if (!network.isBlockedBack(end)) {
      network.in(network.latencyNanos(), end::refused);
    }
  }

  void established() {
    over();
    operation.end(0, end.handle(operation.driver));
  }

  /** With the error number, or 0 for nobody who would hear of it. */
  void failed(int cause) {
    over();
    if (cause == 0) {
      operation.endCancelled();
    } else {
      operation.fail(cause);
    }
  }

  private void over() {
    over = true;
    if (repeat != null) {
      repeat.cancel();
      repeat = null;
    }
  }
}
