package dev.ringlet.scheduler;

import dev.ringlet.spi.CompletionSink;
import dev.ringlet.spi.IoDriver;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** A driver that completes single requests with an error instead of carrying them out. */
final class FailingDriver {
  private final IoDriver real;
  private final Queue<IoRequest> failing = new ArrayDeque<>();
  private @Nullable IoOpcode next;
  private int errno;

  FailingDriver(IoDriver real) {
    this.real = real;
  }

  IoDriver driver() {
    return (IoDriver)
        Proxy.newProxyInstance(
            IoDriver.class.getClassLoader(),
            new Class<?>[] {IoDriver.class},
            (proxy, method, arguments) -> called(method, arguments));
  }

  /** The next request of this kind fails. */
  void failNext(IoOpcode opcode, int with) {
    next = opcode;
    errno = with;
  }

  /** Whether a request has failed since the last call of {@link #failNext}. */
  boolean hasFailed() {
    return next == null && failing.isEmpty();
  }

  private @Nullable Object called(Method method, Object[] arguments) throws Throwable {
    switch (method.getName()) {
      case "submit" -> {
        IoRequest request = (IoRequest) arguments[0];
        if (request.opcode == next) {
          next = null;
          failing.add(request);
          return null;
        }
      }
      case "poll" -> {
        int told = fail((CompletionSink) arguments[0]);
        return told + (int) Objects.requireNonNull(invoke(method, arguments));
      }
      case "close" -> {
        int unused = fail((CompletionSink) arguments[0]);
      }
      case "cancel" -> {
        if (failing.contains((IoRequest) arguments[0])) {
          return null;
        }
      }
      case "completionsPending" -> {
        if (!failing.isEmpty()) {
          return true;
        }
      }
      case "park" -> {
        if (!failing.isEmpty()) {
          return null;
        }
      }
      default -> {}
    }
    return invoke(method, arguments);
  }

  private int fail(CompletionSink sink) {
    int count = failing.size();
    for (int i = 0; i < count; i++) {
      sink.completed(failing.remove(), -errno, null, false);
    }
    return count;
  }

  private @Nullable Object invoke(Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException thrown) {
      throw Objects.requireNonNull(thrown.getCause());
    }
  }
}
