package dev.ringlet.scheduler;

import dev.ringlet.io.SocketOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Notices that a connection does not get on: nothing comes that is waited for, or nothing is taken
 * of what was sent. What moves is only noted, with the time of the driver's last poll, so that a
 * message costs no timer. The one timer looks whether the time is really over, and else waits for
 * the rest; there is none while nothing is waited for.
 *
 * <p>Owner executor only.
 */
final class SocketWatch {
  private static final long NEVER = Long.MAX_VALUE;

  private final CoreExecutor executor;
  private @Nullable SocketInput input;
  private @Nullable SocketOutput output;

  /** Zero means without limit. */
  private long readNanos;

  private long writeNanos;
  private long idleNanos;
  private boolean watches;
  private boolean closed;
  private long lastInput;
  private long lastOutput;
  private @Nullable Alarm alarm;
  private long alarmNanos;

  SocketWatch(CoreExecutor executor) {
    this.executor = executor;
  }

  /** Once, before anything is begun. */
  void watch(SocketInput watchedInput, SocketOutput watchedOutput, SocketOptions options) {
    input = watchedInput;
    output = watchedOutput;
    configure(options);
  }

  /** Takes the times that the options set; what is waited for counts from now. */
  void configure(SocketOptions options) {
    readNanos = nanos(options.readTimeout(), readNanos);
    writeNanos = nanos(options.writeTimeout(), writeNanos);
    idleNanos = nanos(options.idleTimeout(), idleNanos);
    watches = readNanos != 0 || writeNanos != 0 || idleNanos != 0;
    if (watches) {
      lastInput = executor.ticker().nanos();
      lastOutput = lastInput;
      look(lastInput);
    }
  }

  private static long nanos(@Nullable Duration timeout, long otherwise) {
    return timeout == null ? otherwise : Nanos.of(timeout);
  }

  /** Input is asked for from now on, which may be long after the driver was polled. */
  void inputBegins() {
    if (watches) {
      lastInput = executor.ticker().nanos();
      look(lastInput);
    }
  }

  void inputCame() {
    if (watches) {
      lastInput = executor.polledNanos();
    }
  }

  void outputBegins() {
    if (watches) {
      lastOutput = executor.ticker().nanos();
      look(lastOutput);
    }
  }

  void outputTaken() {
    if (watches) {
      lastOutput = executor.polledNanos();
    }
  }

  void close() {
    closed = true;
    stop();
  }

  boolean isClosed() {
    return closed;
  }

  private void stop() {
    Alarm waiting = alarm;
    if (waiting != null) {
      alarm = null;
      executor.cancel(waiting);
    }
  }

  /** Sees to it that the timer fires in time. */
  private void look(long now) {
    long left = Math.min(inputNanos(now), outputNanos(now));
    if (left == NEVER || closed || (alarm != null && alarmNanos - now <= left)) {
      return;
    }
    stop();
    alarm = new Alarm();
    alarmNanos = executor.schedule(alarm, Math.max(0, left));
  }

  /** How long until input has been waited for too long; zero or less if it has. */
  private long inputNanos(long now) {
    if (input == null || !input.isAwaited()) {
      return NEVER;
    }
    long read = readNanos == 0 ? NEVER : lastInput + readNanos - now;
    long last = lastInput - lastOutput > 0 ? lastInput : lastOutput;
    long idle = idleNanos == 0 ? NEVER : last + idleNanos - now;
    return Math.min(read, idle);
  }

  private long outputNanos(long now) {
    boolean waits = writeNanos != 0 && output != null && !output.isIdle();
    return waits ? lastOutput + writeNanos - now : NEVER;
  }

  private void ring() {
    alarm = null;
    long now = executor.ticker().nanos();
    if (inputNanos(now) <= 0 && input != null) {
      input.expire();
    }
    if (outputNanos(now) <= 0 && output != null) {
      output.expire();
      // It goes on until its last completion, or the next output begins.
      lastOutput = now;
    }
    look(now);
  }

  private final class Alarm extends Timer {
    @Override
    void fire() {
      if (alarm == this) {
        ring();
      }
    }
  }
}
