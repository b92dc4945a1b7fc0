package dev.ringlet.testkit.junit;

import dev.ringlet.testkit.Finding;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives the tests of a class, or one test, an actor system of their own: whoever takes an {@link
 * dev.ringlet.actor.ActorSystem} as a parameter gets it, and an {@link
 * dev.ringlet.testkit.ActorProbe} of it likewise. After the test the system must come to rest, and
 * is closed; a test that has lost messages, has stalled an executor or has not released a buffer
 * fails, and says where the buffer was leased.
 *
 * <pre>{@code
 * @WithActorSystem
 * final class CounterTest {
 *   @Test
 *   void counts(ActorSystem system, ActorProbe<Integer> probe) { ... }
 * }
 * }</pre>
 */
@SuppressWarnings("exports") // as RingletExtension
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RingletExtension.class)
public @interface WithActorSystem {
  /**
   * How many executors; they are not pinned.
   *
   * @return at least 1
   */
  int executors() default 2;

  /**
   * The I/O driver.
   *
   * @return {@code uring}, {@code nio}, or an empty string for the best that there is
   */
  String driver() default "";

  /**
   * How long a turn may take.
   *
   * @return milliseconds; zero for any time
   */
  int stallMillis() default 1000;

  /**
   * How long the system may take to come to rest after the test.
   *
   * @return milliseconds
   */
  int restMillis() default 3000;

  /**
   * What the tests mean to happen.
   *
   * @return findings that are no fault
   */
  Finding[] allow() default {};
}
