package dev.ringlet.examples.kv;

import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.Timers;
import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.Io;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import dev.ringlet.spi.IoMemory;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A context, a file and timers whose operations the test completes by hand, one by one. What was
 * written stands in {@link #content}.
 */
final class FakeContext {
  private static final int ENOSPC = 28;

  /** An operation that is under way. */
  static final class Pending {
    final String name;
    private final long position;
    private final byte[] bytes;
    private @Nullable BiFunction<@Nullable Object, @Nullable IoException, Object> adapter;

    Pending(String name, long position, byte[] bytes) {
      this.name = name;
      this.position = position;
      this.bytes = bytes;
    }
  }

  final ArrayDeque<Pending> pending = new ArrayDeque<>();
  final Map<Object, Object> timers = new HashMap<>();
  byte[] content = new byte[0];
  private final Map<Object, Pending> operations = new HashMap<>();

  @SuppressWarnings("unchecked")
  final ActorContext<ShardMessage> context =
      (ActorContext<ShardMessage>) proxy(ActorContext.class, this::onContext);

  final AsyncFile file = (AsyncFile) proxy(AsyncFile.class, this::onFile);
  private final Io io = (Io) proxy(Io.class, this::onIo);
  private final Timers<?> timerApi = (Timers<?>) proxy(Timers.class, this::onTimers);

  private static Object proxy(Class<?> type, InvocationHandler handler) {
    return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler);
  }

  @SuppressWarnings("unchecked")
  private @Nullable Object onContext(Object self, Method method, Object[] arguments) {
    return switch (method.getName()) {
      case "io" -> io;
      case "timers" -> timerApi;
      case "pipe" -> {
        Pending started = operations.get(arguments[0]);
        if (started == null) {
          throw new AssertionError("an operation of somebody else");
        }
        started.adapter =
            (BiFunction<@Nullable Object, @Nullable IoException, Object>) arguments[1];
        pending.add(started);
        yield null;
      }
      default -> throw new UnsupportedOperationException(method.getName());
    };
  }

  private Object onFile(Object self, Method method, Object[] arguments) {
    return switch (method.getName()) {
      case "path" -> Path.of("fake.log");
      case "write" -> {
        IoBuffer buffer = (IoBuffer) arguments[1];
        byte[] bytes = buffer.readAll();
        buffer.release();
        yield operation(new Pending("write", (long) arguments[0], bytes));
      }
      case "dataSync", "close" -> operation(new Pending(method.getName(), 0, new byte[0]));
      default -> throw new UnsupportedOperationException(method.getName());
    };
  }

  private Object operation(Pending what) {
    Object operation = proxy(IoOp.class, FakeContext::onOperation);
    operations.put(operation, what);
    return operation;
  }

  private static Object onOperation(Object self, Method method, Object[] arguments) {
    return switch (method.getName()) {
      case "hashCode" -> System.identityHashCode(self);
      case "equals" -> self == arguments[0];
      default -> throw new UnsupportedOperationException(method.getName());
    };
  }

  private Object onIo(Object self, Method method, Object[] arguments) {
    int bytes = (int) arguments[0];
    return new IoBuffer(new IoMemory(ByteBuffer.allocate(bytes), 0), 0, bytes, buffer -> {}, 0);
  }

  private @Nullable Object onTimers(Object self, Method method, Object[] arguments) {
    timers.put(arguments[0], arguments[2]);
    return null;
  }

  /** Completes the oldest operation and gives the message it makes. */
  Object succeed() {
    Pending operation = pending.remove();
    if (operation.name.equals("write")) {
      int end = (int) operation.position + operation.bytes.length;
      byte[] longer = Arrays.copyOf(content, Math.max(content.length, end));
      System.arraycopy(
          operation.bytes, 0, longer, (int) operation.position, operation.bytes.length);
      content = longer;
      return message(operation, operation.bytes.length, null);
    }
    return message(operation, null, null);
  }

  /** Fails the oldest operation and gives the message it makes. */
  Object fail() {
    Pending operation = pending.remove();
    return message(operation, null, new IoException(operation.name, "fake.log", ENOSPC, null));
  }

  private static Object message(
      Pending operation, @Nullable Object value, @Nullable IoException failure) {
    BiFunction<@Nullable Object, @Nullable IoException, Object> adapter = operation.adapter;
    if (adapter == null) {
      throw new AssertionError("never started");
    }
    return adapter.apply(value, failure);
  }
}
