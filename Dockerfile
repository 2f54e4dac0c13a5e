# Zetascope for a Docker Space on Hugging Face, or any private host.
FROM python:3.11-slim

# numba's OpenMP pool, which UMAP runs on, links to the system's libgomp. Debian keeps one version of a package
# at a time, so pinning it would only break later builds.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends libgomp1 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 zetascope \
    && install -d -o zetascope -g zetascope /home/zetascope/.cache

USER 1000
ENV HOME=/home/zetascope \
    PATH=/home/zetascope/venv/bin:$PATH \
    HF_HOME=/home/zetascope/.cache/huggingface \
    NUMBA_CACHE_DIR=/home/zetascope/.cache/numba \
    MPLCONFIGDIR=/home/zetascope/.cache/matplotlib \
    PYTHONUNBUFFERED=1
WORKDIR /home/zetascope/app

# The index with PyTorch's CPU wheels: without it pip brings several GB of CUDA. In a Space, set it as a variable.
ARG TORCH_INDEX_URL=""
COPY --chown=zetascope requirements.txt ./
RUN python -m venv /home/zetascope/venv \
    && pip install --no-cache-dir ${TORCH_INDEX_URL:+--extra-index-url "$TORCH_INDEX_URL"} -r requirements.txt

COPY --chown=zetascope . ./

EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://localhost:8501/_stcore/health', timeout=4)"]
CMD ["sh", "hosting/start.sh"]
