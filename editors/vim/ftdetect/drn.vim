autocmd BufNewFile,BufRead *.drn setfiletype drn
