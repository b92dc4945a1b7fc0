package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import org.junit.jupiter.api.Test;

/**
 * How much memory an idle actor takes, as its fields add up with 12 bytes of header and compressed
 * references. A virtual machine needs no more, because gaps between the fields of a class and those
 * of the classes above it are filled.
 */
final class CellSizeTest {
  private static final int HEADER_BYTES = 12;
  private static final int REFERENCE_BYTES = 4;

  /** A field more is a word more in each of millions of actors: give it to CellExtras. */
  @Test
  void idleActorIsOneCellAndItsContext() {
    assertEquals(72, bytesOf(ActorCell.class));
    assertEquals(72, bytesOf(CarryingCell.class));
    assertEquals(16, bytesOf(CellContext.class));
  }

  /** What an actor has when it has children, timers, requests, or has yielded. */
  @Test
  void extrasHaveWhatIsNeededForOneKindOfUseOnly() {
    assertEquals(56, bytesOf(CellExtras.class));
  }

  private static int bytesOf(Class<?> type) {
    int bytes = HEADER_BYTES;
    for (Class<?> part = type; part != null; part = part.getSuperclass()) {
      for (Field field : part.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())) {
          bytes += bytesOf(field);
        }
      }
    }
    return (bytes + 7) & ~7;
  }

  private static int bytesOf(Field field) {
    Class<?> type = field.getType();
    if (type == long.class || type == double.class) {
      return 8;
    } else if (type == boolean.class || type == byte.class) {
      return 1;
    } else if (type == short.class || type == char.class) {
      return 2;
    }
    return type.isPrimitive() ? 4 : REFERENCE_BYTES;
  }
}
