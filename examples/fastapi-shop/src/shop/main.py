"""The application: `uvicorn shop.main:app`."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool

from shop import database, files, health, logs, migrate, orders
from shop.settings import Settings, from_environment

logger = logging.getLogger(__name__)


def create_app(settings: Settings | None = None) -> FastAPI:
    """Make the application; it reads the environment when it starts, not when it is imported."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.settings = settings or from_environment()
        app.state.engine = database.connect(app.state.settings)
        app.state.files = files.connect(app.state.settings)
        await run_in_threadpool(migrate.upgrade, app.state.engine)
        logger.info("ready to take orders")
        yield
        app.state.engine.dispose()
        logger.info("stopped")

    app = FastAPI(title="shop", lifespan=lifespan)
    app.include_router(health.router)
    app.include_router(orders.router)
    app.add_middleware(logs.TraceMiddleware)
    return app


logs.configure()
app = create_app()
