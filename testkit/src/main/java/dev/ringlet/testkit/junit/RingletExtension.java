package dev.ringlet.testkit.junit;

import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.executor.Placement;
import dev.ringlet.testkit.ActorProbe;
import dev.ringlet.testkit.QuiescenceCheck;
import java.lang.reflect.Method;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** Starts, checks and stops the systems of {@link WithActorSystem}. */
@SuppressWarnings("exports") // whoever uses it has JUnit; nobody else needs it to compile
public final class RingletExtension implements ParameterResolver, AfterEachCallback {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(RingletExtension.class);

  /** For JUnit. */
  public RingletExtension() {}

  /** A system, and what watches it. */
  private record Watched(ActorSystem system, QuiescenceCheck check) {}

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return parameter.getDeclaringExecutable() instanceof Method
        && context.getTestMethod().isPresent()
        && (type == ActorSystem.class || type == ActorProbe.class);
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    ActorSystem system = watched(context).system();
    return parameter.getParameter().getType() == ActorSystem.class
        ? system
        : ActorProbe.create(system);
  }

  private static Watched watched(ExtensionContext context) {
    return context
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(
            Watched.class,
            key -> start(settings(context), context.getRequiredTestMethod()),
            Watched.class);
  }

  private static Watched start(WithActorSystem settings, Method test) {
    ExecutorPool pool =
        ExecutorPool.of(settings.executors())
            .withPlacement(Placement.unbound())
            .withLeakDetection(1);
    if (settings.stallMillis() > 0) {
      pool = pool.withStallDetection(Duration.ofMillis(settings.stallMillis()), stall -> {});
    }
    if (!settings.driver().isEmpty()) {
      pool = pool.withDriver(settings.driver());
    }
    ActorSystem system = ActorSystem.create(test.getName(), pool);
    return new Watched(system, QuiescenceCheck.of(system).allowing(settings.allow()));
  }

  private static WithActorSystem settings(ExtensionContext context) {
    return AnnotationSupport.findAnnotation(context.getRequiredTestMethod(), WithActorSystem.class)
        .or(
            () ->
                AnnotationSupport.findAnnotation(
                    context.getRequiredTestClass(), WithActorSystem.class))
        .orElseThrow(
            () ->
                new IllegalStateException(
                    context.getDisplayName()
                        + ": use @WithActorSystem instead of @ExtendWith(RingletExtension.class)"));
  }

  @Override
  public void afterEach(ExtensionContext context) {
    @Nullable Watched watched = context.getStore(NAMESPACE).remove(Watched.class, Watched.class);
    if (watched == null) {
      return;
    }
    try {
      watched.check().await(Duration.ofMillis(settings(context).restMillis()));
    } finally {
      watched.system().close();
    }
  }
}
